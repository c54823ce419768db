/** Which agent a message goes to. */
import { expect, it } from 'vitest';
import { agentOptionsOf, agentOptionsSchema } from '../../src/agents/a2a-agent.js';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../../src/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { chooseAgent, type Candidate } from '../../src/agents/choose-agent.js';

const refunds = agentOptionsSchema.parse({
  type: 'support',
  name: 'refunds',
  description: 'Refunds orders of the shop.',
  skills: [{ id: 'refund', name: 'Refund', description: 'Gives money back for a broken product.', tags: ['payment'] }],
});

const candidates: readonly Candidate[] = [
  { key: 'support/refunds', description: refunds },
  ...[AssistantAgent, CountdownAgent, EchoAgent].map((agent) => {
    const description = agentOptionsSchema.parse(agentOptionsOf(agent));
    return { key: `${description.type}/${description.name}`, description };
  }),
];

it.each([
  ['I want a refund for my order', 'support/refunds'],
  ['Please start a countdown', 'function/countdown'],
  [' steps delayMs', 'function/countdown'],
  ['echo this', 'function/echo'],
  ['ask context/assistant about the refund of my order', 'context/assistant'],
])('"%s" goes to %s', (message, key) => {
  expect(chooseAgent(message, candidates)?.key).toBe(key);
});

it('says why', () => {
  expect(chooseAgent('refund my order', candidates)?.reason).toContain('"refund"');
  expect(chooseAgent('support/refunds: hello', candidates)?.reason).toBe('the message names it');
});

it.each(['Hello, how are you?', '', 'Write me a long poem about mountains, rivers and the echo of bells', '🙂'])(
  'nobody is chosen for "%s"',
  (message) => {
    expect(chooseAgent(message, candidates)).toBeUndefined();
  },
);
