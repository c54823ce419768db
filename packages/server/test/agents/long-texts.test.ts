/** Texts from outside that take for ever where a search begins anew at each character: they are looked through once. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressees } from '@continuo/agent/internal/agents/choice/addressees.js';
import { chooseBySearch } from '@continuo/agent/internal/agents/choice/choose-by-search.js';
import { agentOptionsSchema } from '@continuo/agent/internal/agents/a2a-agent.js';
import { readStructured } from '@continuo/agent/internal/agents/models/structured.js';

/** Of what grows with the square, this takes hours. */
const MANY = 2_000_000;

describe('a message of many megabytes', () => {
  const keys = ['function/echo', 'context/assistant'];

  it('of short sentences is for whom its beginning names', () => {
    expect(addressees(`function/echo: ${'a. '.repeat(MANY)}`, keys)).toEqual([{ agent: 'function/echo' }]);
  });

  it('of nothing but space is for nobody', () => {
    expect(addressees(`a${' '.repeat(MANY)}b`, keys)).toEqual([]);
  });

  it('names an agent any number of times, and it counts once', () => {
    const [first, second] = addressees(
      `ask function/echo${', function/echo'.repeat(MANY / 10)}. ${'a. '.repeat(MANY)}\ncontext/assistant: what is it?`,
      keys,
    );
    expect(first?.agent).toBe('function/echo');
    expect(second).toEqual({ agent: 'context/assistant', request: 'context/assistant: what is it?' });
  });

  it('is handed on whole, its middle to whom the text before it is for', () => {
    const middle = 'function/echo is a name. '.repeat(MANY / 100);
    const text = `For Ann. function/echo: say ${middle}context/assistant: sum it up.`;
    expect(addressees(text, keys)).toEqual([
      { agent: 'function/echo', request: `For Ann. function/echo: say ${middle}`.trim() },
      { agent: 'context/assistant', request: 'For Ann. context/assistant: sum it up.' },
    ]);
  });

  it('names at its end whom it is for, behind what was pasted', () => {
    expect(addressees(`${'a b '.repeat(MANY)} What does function/echo say?`, keys)).toEqual([
      { agent: 'function/echo' },
    ]);
  });

  it('is searched by how it begins and ends', () => {
    const words = Array.from({ length: MANY / 10 }, (_, index) => `what does fooBar${index}`).join(' ');
    const echo = agentOptionsSchema.parse({ type: 'function', name: 'echo', description: 'Says what fooBar says.' });
    const candidates = [{ key: 'function/echo', description: echo }];
    const fields = words.split(' ');
    const search = { query: words, fields, candidates, fallback: 'function/echo', answered: [] };
    expect(chooseBySearch(search)).toEqual([
      { agent: 'function/echo', reason: expect.stringMatching(/^its card matches "foobar0".{0,200} and more$/) },
    ]);
  });
});

describe('an answer of a model in the form of a schema', () => {
  it.each(['```json\n{"n": 1}\n```', ' ```\n\n{"n": 1}```\n', '{"n": 1}', '```json\n{"n": 1}'])(
    'is read with what models put around it: %j',
    async (text) => {
      const fits = await readStructured(text, z.object({ n: z.number() }));
      expect(fits).toEqual(
        /^\s*```/.test(text) && !/```\s*$/.test(text) ? { problem: 'It is not JSON.' } : { value: { n: 1 } },
      );
    },
  );

  it('is given up when it is a fence around empty lines without an end', async () => {
    expect(await readStructured(`\`\`\`\n${'\n'.repeat(MANY)}x`, z.string())).toEqual({ problem: 'It is not JSON.' });
  });
});
