/** What models won't take, and how a turn goes on: long prompts, files, and words that are nobody's. */
import { beforeAll, describe, expect, it } from 'vitest';
import { tooLongIn } from '@continuo/agent/internal/agents/models/refusals.js';
import { cutToTokens, estimateTokens, tokensIn } from '@continuo/agent/internal/agents/models/tokens.js';
import type { Reply } from '../support/model-reply.js';
import { SessionTalk } from '../support/session-talk.js';
import { startStrictAgents, type StrictAgents } from '../support/strict-agents.js';
import { strictKinds, type StrictKind } from '../support/strict-providers/strict-provider.js';

const CONTEXT = 8_000;
const two: Reply = { kind: 'answer', words: ['2'] };

let agents: StrictAgents;

beforeAll(async () => {
  agents = await startStrictAgents({ contextTokens: CONTEXT });
});

/** What the model was asked last. */
function lastPrompt(kind: StrictKind): string {
  return JSON.stringify(agents.providers[kind].requests.at(-1)?.body);
}

function lastMessages(): readonly { readonly role: string }[] {
  return (JSON.parse(lastPrompt('openAiChat')) as { readonly messages: readonly { readonly role: string }[] }).messages;
}

describe.each(strictKinds)('a model with 8,000 tokens of context and a budget of 16,000: %s', (kind) => {
  it('is shown less of the session when that is too long, and less from then on', async () => {
    const talk = new SessionTalk(agents, kind);
    const long = 'word '.repeat(3_000);
    for (const said of [long, long, long, long]) expect([kind, await talk.say(said)]).toEqual([kind, 'COMPLETED']);
    expect(await talk.say('hi', two)).toBe('COMPLETED');
    const { requests } = agents.providers[kind];
    const before = requests.length;
    expect(await talk.say('hi2', two)).toBe('COMPLETED');
    expect(requests.slice(before).map(({ refused }) => refused)).toEqual([undefined]);
    expect(lastPrompt(kind)).toContain('hi2');
  });

  it('says which setting is about it when what is said now is too long', async () => {
    const talk = new SessionTalk(agents, kind);
    await talk.say('My name is Ada.');
    expect(await talk.say('word '.repeat(12_000))).toMatch(/^FAILED: .*too long.*CONTINUO_HISTORY_TOKENS/);
    expect(await talk.say('hi', two)).toBe('COMPLETED');
  });

  it('goes on with a short result of a tool where the long one is too long', async () => {
    const talk = new SessionTalk(agents, kind);
    const call: Reply = { kind: 'calls', calls: [{ name: 'give', input: { what: 'long' } }] };
    expect(await talk.say('Call', call, two)).toBe('COMPLETED');
    expect(lastPrompt(kind)).toContain('(cut; it has');
  });
});

describe('a file that a model has refused', () => {
  const broken = { raw: Buffer.from('no picture').toString('base64'), mediaType: 'image/png', filename: 'broken.png' };
  const whole = {
    raw: Buffer.from('89504e470d0a1a0a', 'hex').toString('base64'),
    mediaType: 'image/png',
    filename: 'whole.png',
  };

  it('is named at once, in the turn that brings it and in later ones, and the others are shown', async () => {
    const talk = new SessionTalk(agents, 'anthropic');
    expect(await talk.say([{ text: 'Look' }, broken, whole])).toBe('COMPLETED');
    for (const said of ['And now?', 'And then?']) {
      expect(lastPrompt('anthropic')).toContain('File broken.png (image/png)');
      expect(lastPrompt('anthropic')).toContain(whole.raw);
      expect(lastPrompt('anthropic')).not.toContain(broken.raw);
      await talk.say(said);
    }
    const refused = agents.providers.anthropic.refusals().filter((why) => why.includes('process image'));
    expect(refused).toHaveLength(1);
  });

  it('costs the words of a refusal that has other reasons nothing', async () => {
    const talk = new SessionTalk(agents, 'anthropic');
    const no: Reply = { kind: 'refusal', status: 400, message: 'not today' };
    expect(await talk.say([{ text: 'Look' }, whole], no, no, no)).toMatch(/^FAILED: .*not today/);
    expect(await talk.say('And now?')).toBe('COMPLETED');
    expect(lastPrompt('anthropic')).toContain(whole.raw);
  });
});

describe('a turn that came to no good end', () => {
  it('is told as a note, and not as words of the model', async () => {
    const talk = new SessionTalk(agents, 'openAiChat');
    await talk.say('Hi', { kind: 'refusal', status: 400, message: 'not today' });
    await talk.act({ does: 'fail', says: 'I have no time.' });
    await talk.say('And now?');
    const messages = lastMessages();
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(JSON.stringify(messages)).toContain('not today');
    expect(JSON.stringify(messages)).toContain(
      '(Note: plain/actor failed here and gave no answer. The reason: I have no time.)',
    );
  });

  it('is told with what had been said when it was cancelled', async () => {
    const talk = new SessionTalk(agents, 'openAiChat');
    await talk.cancel({ kind: 'stall', words: ['I start', ' with the report.'] });
    await talk.say('And now?');
    const messages = lastMessages();
    expect(messages.slice(1)).toEqual([
      { role: 'user', content: expect.stringContaining('Work') as unknown },
      { role: 'assistant', content: expect.stringContaining('I start') as unknown },
      { role: 'user', content: expect.stringMatching(/broken off, as its task was cancelled.*And now\?/s) as unknown },
    ]);
  });

  it('is told with calls that are still carried out while it has not ended', async () => {
    const talk = new SessionTalk(agents, 'openAiChat');
    await talk.begin({ kind: 'calls', calls: [{ name: 'hang', input: {} }] });
    await talk.say('And now?');
    expect(lastPrompt('openAiChat')).toContain('it is still being carried out');
    await talk.end();
    await talk.say('And then?');
    expect(lastPrompt('openAiChat')).toContain('The task ended before this call had a result');
  });
});

describe('tokens', () => {
  it('are a quarter of English, and at least as many as the characters of Chinese, Japanese and Korean', () => {
    expect(tokensIn('word '.repeat(100))).toBe(125);
    for (const text of ['昨天晚上市议会决定扩建图书馆', '試験期間中は学生が勉強できる', '도서관을확장하기로']) {
      expect(tokensIn(text)).toBeGreaterThanOrEqual(text.length);
    }
    expect(tokensIn('😀'.repeat(10))).toBe(25);
    expect(estimateTokens({ parts: [{ data: { a: [1, 2, 3] } }] })).toBeGreaterThan(
      estimateTokens({ parts: [{ text: '{"a":[1,2,3]}' }] }),
    );
  });

  it('are where a text is cut, at a character', () => {
    expect(cutToTokens('word '.repeat(100), 1_000)).toBe('word '.repeat(100));
    expect(cutToTokens('試験期間中', 3)).toBe('試…');
    expect(cutToTokens('a'.repeat(7) + '😀'.repeat(9), 4).isWellFormed()).toBe(true);
  });
});

it.each([
  [
    "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
    { most: 6384, sent: 112946 },
  ],
  [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    { most: 8192, sent: 9000 },
  ],
  ['prompt is too long: 210000 tokens > 200000 maximum', { most: 200_000, sent: 210_000 }],
  [
    'The input token count (3475108) exceeds the maximum number of tokens allowed (1048576).',
    { most: 1_048_576, sent: 3_475_108 },
  ],
  ['Your input exceeds the context window of this model. Please adjust your input and try again.', {}],
  ['the request exceeds the available context size (4096 tokens), try increasing it', { most: 4096 }],
  [
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    { most: 32_768, sent: 40_000 },
  ],
  [
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    { most: 131_072, sent: 537_812 },
  ],
  ['messages.38.content.0.pdf.source.base64.data: A maximum of 100 PDF pages may be provided.', undefined],
  [
    "Invalid 'messages[0].name': string too long. Expected a string with maximum length 64, but got one of 70.",
    undefined,
  ],
  ['Incorrect request', undefined],
])('reads what a provider says of a long prompt: %s', (said, expected) => {
  expect(tooLongIn(said)).toEqual(expected);
});
