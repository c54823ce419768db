/** Which agents a message goes to when no language model chooses. */
import { describe, expect, it } from 'vitest';
import { agentOptionsOf, agentOptionsSchema, type AgentOptions } from '@continuo/agent/internal/agents/a2a-agent.js';
import { addressees } from '@continuo/agent/internal/agents/choice/addressees.js';
import { chooseBySearch } from '@continuo/agent/internal/agents/choice/choose-by-search.js';
import {
  isQuestion,
  type Answered,
  type Candidate,
  type Question,
} from '@continuo/agent/internal/agents/choice/decision.js';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../../src/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';

const skills = [
  { id: 'refund', name: 'Refund', description: 'Gives money back for a broken product.', tags: ['payment'] },
];

function candidate(options: unknown): Candidate {
  const description = agentOptionsSchema.parse(options);
  return { key: `${description.type}/${description.name}`, description };
}

function support(name: string, description: string): Candidate {
  return candidate({ type: 'support', name, description, skills } satisfies AgentOptions);
}

const assistant = candidate(agentOptionsOf(AssistantAgent));
const functions = [CountdownAgent, EchoAgent].map((agent) => candidate(agentOptionsOf(agent)));
const refunds = support('refunds', 'Refunds orders of the shop.');
const everybody = [refunds, assistant, ...functions];

/** The agents that get the message; or the agents that people are asked about. */
function choice(query: string, candidates = everybody, answered: readonly Answered[] = []) {
  const decision = chooseBySearch({ query, candidates, fallback: 'context/assistant', answered });
  if (decision === undefined) return undefined;
  return isQuestion(decision) ? { asks: decision.among } : decision.map(({ agent }) => agent);
}

describe('by the cards', () => {
  it.each([
    ['I want a refund for my order', 'support/refunds'],
    ['Please start a countdown', 'function/countdown'],
    [' steps delayMs', 'function/countdown'],
    ['echo this', 'function/echo'],
  ])('"%s" goes to %s, which says why', (query, agent) => {
    expect(choice(query)).toEqual([agent]);
  });

  it('says which words decided', () => {
    expect(chooseBySearch({ query: 'refund my order', candidates: everybody, fallback: '', answered: [] })).toEqual([
      { agent: 'support/refunds', reason: expect.stringContaining('"refund"') },
    ]);
  });

  it.each(['Hello, how are you?', '', 'Write me a long poem about mountains, rivers and the echo of bells', '🙂'])(
    '"%s" suits nobody, and goes to the assistant',
    (query) => {
      expect(choice(query)).toEqual(['context/assistant']);
    },
  );
});

describe('with a question', () => {
  const shops = [
    support('refunds-eu', 'Refunds orders in Europe.'),
    support('refunds-us', 'Refunds orders in America.'),
  ];

  function question(query: string, candidates: readonly Candidate[]): Question {
    const decision = chooseBySearch({ query, candidates, fallback: 'context/assistant', answered: [] });
    if (decision === undefined || !isQuestion(decision)) throw new Error('nothing was asked');
    return decision;
  }

  it('when two suit it equally well, and says what they do', () => {
    const asked = question('I want a refund', [...shops, assistant]);
    expect(asked.among?.toSorted()).toEqual(['support/refunds-eu', 'support/refunds-us']);
    expect(asked.question).toContain('support/refunds-eu: Refunds orders in Europe.');
    expect(choice('I want a refund in Europe', [...shops, assistant])).toEqual(['support/refunds-eu']);
  });

  it('when nobody suits it and nobody is there for the rest', () => {
    expect(question('Hello', functions).among).toEqual(['function/countdown', 'function/echo']);
    expect(choice('Hello', [])).toBeUndefined();
  });

  it.each([
    ['2', 'support/refunds-us'],
    ['The 1st one, please', 'support/refunds-eu'],
    ['support/refunds-us', 'support/refunds-us'],
    ['refunds-eu', 'support/refunds-eu'],
    ['I bought it in America', 'support/refunds-us'],
  ])('the answer "%s" is understood', (answer, agent) => {
    const among = ['support/refunds-eu', 'support/refunds-us'];
    const answered = [{ question: 'Which one?', among, answer }];
    expect(choice('I want a refund', [...shops, assistant], answered)).toEqual([agent]);
  });

  it('asked once only, as an answer that says nothing new would be asked for again and again', () => {
    const answered = [{ question: 'Which one?', among: ['support/refunds-eu', 'support/refunds-us'], answer: 'Hm.' }];
    expect(choice('I want a refund', [...shops, assistant], answered)).toHaveLength(1);
  });
});

describe('by name', () => {
  const keys = everybody.map(({ key }) => key);

  it.each([
    ['ask context/assistant about the refund of my order', 'context/assistant'],
    ['support/refunds: hello', 'support/refunds'],
    ['What can Function/Echo do?', 'function/echo'],
    ['Ask context/assistant what function/echo does', 'context/assistant'],
    ['function/echo is what I heard of. Ask context/assistant what it is.', 'context/assistant'],
    ['I read about function/echo, context/assistant: what is it?', 'function/echo'],
  ])('"%s" is for %s alone', (text, agent) => {
    expect(addressees(text, keys)).toEqual([{ agent }]);
  });

  it('a message in parts goes to each its part', () => {
    const text = 'For Ann.\n- function/echo: hello. Say it loud.\n- please ask context/assistant what day it is';
    expect(addressees(text, keys)).toEqual([
      { agent: 'function/echo', request: 'For Ann.\n- function/echo: hello. Say it loud.' },
      { agent: 'context/assistant', request: 'For Ann.\n- please ask context/assistant what day it is' },
    ]);
  });

  it('a message to several at once goes to all', () => {
    const text = 'Ask function/echo, context/assistant and support/refunds to say hello.';
    expect(addressees(text, keys)).toEqual(
      ['function/echo', 'context/assistant', 'support/refunds'].map((agent) => ({ agent, request: text })),
    );
  });

  it('names of nobody are words like any other', () => {
    expect(addressees('ask and/or: nobody/there', keys)).toEqual([]);
  });
});
