/** Whatever the console says in English it says in German, too. */
import { describe, expect, it } from 'vitest';
import { filesIn, said, textsInBoth } from './support/both-languages.js';

const all = await textsInBoth();

/** Names, symbols, words that are German, too, and functions as they are of 1. */
const alike = new Set([
  'Anthropic',
  'Continuo',
  'Google',
  'Instagram',
  'LinkedIn',
  'Ollama',
  'OpenAI',
  'Agent',
  'Binding',
  'Bindings',
  'Budget',
  'Chat',
  'Chats',
  'Code',
  'Debug',
  'Details',
  'Enter',
  'Header',
  'Info',
  'Live',
  'Log',
  'Marketing',
  'Name',
  'Problem',
  'Prompt',
  'Stack',
  'Status',
  'Streaming',
  'System',
  'Text',
  'Trace',
  'URL',
  'Webhook',
  'Webhooks',
  'curl',
  'Bearer …',
  'https://agents.example.com',
  'https://aqua.example',
  '1',
  '1 / 1',
  '1 1',
  '1 ms',
  '1+',
  '1, 1',
  '1, A2A 1',
  '1×',
  'Bindings: 1',
  'HTTP 1',
  'Version 1',
  'Version 1, 1',
  'in 1',
  'text/plain, application/json',
]);

describe('the texts of the console', () => {
  it('stand in files that both languages have', () => {
    expect(filesIn('german')).toEqual(filesIn('english'));
  });

  it('have the same names in both', () => {
    const lacking = all.filter(({ english, german }) => typeof english !== typeof german);
    expect(lacking.map(({ name }) => name)).toEqual([]);
    expect(all.length).toBeGreaterThan(500);
  });

  it('are another text in German, but for those listed here', () => {
    const same = all.filter(({ english, german }) => [1, 2].every((n) => said(english, n) === said(german, n)));
    expect(same.filter(({ english }) => !alike.has(said(english, 1) ?? ''))).toEqual([]);
    // The list is as short as it can be.
    expect([...alike].filter((text) => !same.some(({ english }) => said(english, 1) === text))).toEqual([]);
  });
});
