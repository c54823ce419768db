/** Where what people say first to a server without a language model goes: to an agent that can make sense of it. */
import { describe, expect, it } from 'vitest';
import { agentOptionsOf, agentOptionsSchema } from '@continuo/agent/internal/agents/a2a-agent.js';
import { chooseBySearch } from '@continuo/agent/internal/agents/choice/choose-by-search.js';
import { isQuestion } from '@continuo/agent/internal/agents/choice/decision.js';
import { AssistantAgent } from '../../server/src/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../../server/src/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../server/src/agents/builtin/echo-agent.js';
import { agents as swarm } from '../src/index.js';

const all = [EchoAgent, CountdownAgent, AssistantAgent, ...swarm].map((agent) => {
  const description = agentOptionsSchema.parse(agentOptionsOf(agent));
  return { key: `${description.type}/${description.name}`, description };
});

/** As the orchestrator chooses: among those that are there for people. */
function choice(query: string, fields: readonly string[] = []): readonly string[] | undefined {
  const candidates = all.filter(({ description }) => !description.internal);
  const decision = chooseBySearch({ query, fields, candidates, fallback: 'context/assistant', answered: [] });
  return decision === undefined || isQuestion(decision) ? undefined : decision.map(({ agent }) => agent);
}

it('of the swarm only the lead is there for people', () => {
  const shown = all.filter(({ key, description }) => key.startsWith('marketing/') && !description.internal);
  expect(shown.map(({ key }) => key)).toEqual(['marketing/swarm']);
});

describe('goes to the assistant:', () => {
  it.each([
    'How do I read a large CSV file in Python?',
    'Check my text for errors: I has a dog',
    'hello',
    'Hi there!',
    'Hello, is anybody there?',
    'what can you do?',
    'Who are you?',
    'Are you there?',
    'help',
    'test',
    'Testing, testing, 1 2 3',
    'ok',
    '👋',
    '42',
    'Thanks!',
    'Tell me a joke',
    'What time is it?',
    "What's the weather in Berlin today?",
    'What is the capital of France?',
    'Summarise this text: The quick brown fox jumps over the lazy dog.',
    'Translate "good morning" into Spanish',
    'Write an email to my boss asking for a day off',
    'Send a message to Ann',
    'Give me back my money',
    'Write a haiku about autumn',
    'Explain how a binary search works',
    'What steps should I take after a server crash?',
    'Report the progress of my project',
    'How do I rename many files in Markdown format?',
    'Fix this function: function add(a, b) { return a - b }',
    'How do I make a countdown timer in React?',
    'Write a countdown in JavaScript',
    'What is the echo chamber effect?',
    'What does echo do in bash?',
    'Why do bees swarm?',
    'What is marketing?',
    'What is a marketing campaign?',
    'How does marketing differ from sales?',
    'Explain the difference between marketing and advertising',
    'Define campaign',
    'Plan a trip to Paris',
    'Plan my week',
    'How do I launch Chrome from the terminal?',
    'How is the stock market doing?',
    'How do I ask my boss for a promotion?',
    'What should my budget for food be?',
    'Which channels does YouTube recommend?',
    'Review my code, please',
    'Copy this file to the server',
    'Do some research on black holes',
    'Publish my npm package',
    'Which keywords does Python have?',
    'Is this sentence correct: They was late.',
    'Make a calendar for January',
    'Wie lese ich eine große CSV-Datei in Python?',
    'Hallo, was kannst du?',
    'Bonjour, peux-tu m’aider à écrire un message ?',
    '¿Qué puedes hacer?',
    'Напиши мне письмо',
    'Pythonで大きなファイルを読むには?',
    '你好',
    'ما هي عاصمة فرنسا؟',
  ])('%s', (message) => {
    expect(choice(message)).toEqual(['context/assistant']);
  });
});

describe('goes to the marketing team:', () => {
  it.each([
    'Help me plan a product launch',
    'Help me with the launch of our product',
    'Plan a marketing campaign for my bakery',
    'I need an ad campaign',
    'Make a camapign for Aqua',
    'Launch "Aqua", a bottle that cools by itself, for hikers on Instagram and X. Budget 5000 EUR.',
  ])('%s', (message) => {
    expect(choice(message)).toEqual(['marketing/swarm']);
  });
});

describe('goes to who is clearly asked for:', () => {
  it.each([
    ['echo this', 'function/echo'],
    ['Echo this sentence.', 'function/echo'],
    ['Can you echo "hi"?', 'function/echo'],
    ['Please start a countdown', 'function/countdown'],
    ['Countdown from 5', 'function/countdown'],
    ['count down from 10', 'function/countdown'],
    ['Run a countdown with 5 steps', 'function/countdown'],
  ])('%s', (message, agent) => {
    expect(choice(message)).toEqual([agent]);
  });

  it.each([
    [['steps'], 'function/countdown'],
    [['steps', 'delayMs'], 'function/countdown'],
    [['product', 'audience', 'goal'], 'marketing/swarm'],
    [['invoice', 'total'], 'context/assistant'],
  ])('data with the fields %j', (fields, agent) => {
    expect(choice('', fields)).toEqual([agent]);
  });
});
