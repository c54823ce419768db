/** An agent that isn't named by type and name is refused before anything is sent. */
import { expect, it } from 'vitest';
import { ContinuoChatTransport } from '../src/ai-sdk.js';
import { ContinuoClient } from '../src/index.js';
import { httpServer } from './support/http-server.js';

it.each(['context/assistant/x', 'assistant', 'context/', '/assistant', ''])('%j', async (agent) => {
  const asked: (string | undefined)[] = [];
  const url = await httpServer((request, response) => {
    asked.push(request.url);
    response.writeHead(404).end();
  });
  const client = new ContinuoClient({ url });
  const refused = `Expected an agent as type/name, as context/assistant, got ${JSON.stringify(agent)}.`;
  await expect(client.agents.send(agent, 'Hello')).rejects.toThrow(refused);
  await expect(client.agents.call(agent, 'Hello')).rejects.toThrow(refused);
  await expect(client.agents.stream(agent, 'Hello').next()).rejects.toThrow(refused);
  await expect(new ContinuoChatTransport({ url, agent }).cancel('1')).rejects.toThrow(refused);
  expect(asked).toEqual([]);
});
