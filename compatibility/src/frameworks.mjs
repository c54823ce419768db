/** Agent frameworks that call remote agents: each offers its users a part of A2A only. */
import { randomUUID } from 'node:crypto';
import { AbstractAgent } from '@ag-ui/client';
import { A2AAgent as AgUiAgent } from '@ag-ui/a2a';
import { InMemoryRunner, RemoteA2AAgent, setLogger } from '@google/adk';
import { A2AAgent as StrandsAgent } from '@strands-agents/sdk/a2a';
import { a2a } from 'a2a-ai-provider';
import { A2AClient } from 'a2a-sdk-0.2/client';
import { generateText, streamText } from 'ai';
import { all, equal, errorOf, match, ok } from './check.mjs';
import { strandsScenarios } from './strands.mjs';

setLogger(null);
globalThis.AI_SDK_LOG_WARNINGS = false;

/** A conversation with a remote agent in ADK: what it says to a text. */
async function adkConversation(url) {
  const agent = new RemoteA2AAgent({ name: 'remote', agentCard: `${url}/` });
  const runner = new InMemoryRunner({ agent, appName: 'compatibility' });
  const { id: sessionId } = await runner.sessionService.createSession({ appName: 'compatibility', userId: 'ada' });
  return async (text) => {
    const newMessage = { role: 'user', parts: [{ text }] };
    const events = await all(runner.runAsync({ userId: 'ada', sessionId, newMessage }));
    return { events, text: textOfAdk(events), error: events.find(({ errorMessage }) => errorMessage)?.errorMessage };
  };
}

function textOfAdk(events) {
  const whole = events.filter(({ partial }) => partial !== true);
  return whole.flatMap(({ content }) => (content?.parts ?? []).map(({ text }) => text ?? '')).join('');
}

export const adk = {
  name: '`@google/adk` 2.0.0, `RemoteA2AAgent`',
  scenarios: {
    card: async ({ echo }) => equal((await (await adkConversation(echo))('hello')).error, undefined),
    send: async ({ echo }) => equal((await (await adkConversation(echo))('hello')).text, 'hello'),
    stream: async ({ streaming }) => {
      const { events } = await (await adkConversation(streaming))('3 chunks');
      ok(
        events.some(({ partial }) => partial === true),
        'no partial event',
      );
    },
    answer: async ({ asking }) => {
      const say = await adkConversation(asking);
      match((await say('go')).text, /What is your name\?/);
      await say('Ada');
      match((await say('green')).text, /Ada likes green/);
    },
    errors: async ({ failing }) => {
      const { text, error } = await (await adkConversation(failing))('go');
      match(`${text} ${error}`, /nothing to do here/);
    },
  },
};

const cardOf = (url) => a2a(`${url}/.well-known/agent-card.json`);

export const aiSdk = {
  name: '`a2a-ai-provider` 0.5.0-alpha.1 with `ai` 6.0.326',
  scenarios: {
    card: async ({ echo }) => ok(await generateText({ model: cardOf(echo), prompt: 'hello' })),
    send: async ({ echo }) => equal((await generateText({ model: cardOf(echo), prompt: 'hello' })).text, 'hello'),
    stream: async ({ streaming }) => {
      const chunks = await all(streamText({ model: cardOf(streaming), prompt: '3 chunks' }).textStream);
      equal(chunks.join(''), '0 1 2 ');
      ok(chunks.length > 1, 'one chunk');
    },
    errors: async ({ broken }) => {
      const failed = await errorOf(generateText({ model: cardOf(broken), prompt: 'hello', maxRetries: 0 }));
      match(String(failed), /404/);
    },
  },
};

export const strands = {
  name: '`@strands-agents/sdk` 1.16.0, `A2AAgent`',
  scenarios: strandsScenarios(StrandsAgent),
};

async function agUiRun(url, ...texts) {
  const agent = new AgUiAgent({ a2aClient: new A2AClient(url), threadId: randomUUID() });
  ok(agent instanceof AbstractAgent);
  const events = [];
  for (const content of texts) {
    agent.messages.push({ id: randomUUID(), role: 'user', content });
    await agent.runAgent({}, { onEvent: ({ event }) => void events.push(event) });
  }
  return events;
}

function agUiText(events) {
  return events
    .filter(({ delta }) => typeof delta === 'string')
    .map(({ delta }) => delta)
    .join('');
}

export const agUi = {
  name: '`@ag-ui/a2a` 0.0.6',
  scenarios: {
    card: async ({ echo }) => ok((await agUiRun(echo, 'hello')).length > 0),
    send: async ({ echo }) => equal(agUiText(await agUiRun(echo, 'hello')), 'hello'),
    stream: async ({ streaming }) => match(agUiText(await agUiRun(streaming, '3 chunks')), /0 1 2/),
    errors: async ({ broken }) => match(String(await errorOf(agUiRun(broken, 'hello'))), /404/),
  },
};
