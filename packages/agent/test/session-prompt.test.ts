/** What agents of other frameworks show their models of a session: nothing that makes each later turn fail. */
import { expect, it } from 'vitest';
import { toGraphMessages } from '../src/agents/frameworks/langgraph/graph-messages.js';
import { sessionPrompt } from '../src/agents/frameworks/session-prompt.js';
import type { Message, Part } from '../src/sessions/message.js';

let count = 0;
function said(role: Message['role'], ...parts: readonly Part[]): Message {
  count += 1;
  return { messageId: `m${count}`, role, parts };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const zip = { raw: base64('PK\u0003\u0004...'), mediaType: 'application/zip', filename: 'a.zip' };
const fake = { raw: base64('not a picture'), mediaType: 'image/png', filename: 'a.png' };
const picture = {
  raw: Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64'),
  mediaType: 'image/png',
  filename: 'b.png',
};
const now = [{ text: 'What is 1 + 1?' }];

it('names files that no model reads, and what only calls itself a picture', () => {
  const history = [
    said('ROLE_AGENT', { text: 'Hello!' }),
    said('ROLE_USER', { text: 'Look.' }, zip, fake, picture),
    said('ROLE_AGENT', { text: 'I see.' }),
  ];
  const prompt = sessionPrompt(history, now);
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  const [first] = prompt;
  const content = first === undefined || typeof first.content === 'string' ? [] : first.content;
  expect(content.filter(({ type }) => type === 'file')).toEqual([
    { type: 'file', data: picture.raw, mediaType: 'image/png', filename: 'b.png' },
  ]);
  expect(JSON.stringify(content)).toContain('a.zip');
  expect(JSON.stringify(content)).toContain('a.png');
  const messages = toGraphMessages(history, { ...said('ROLE_USER'), parts: now });
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(JSON.stringify(messages)).not.toContain(zip.raw);
  expect(messages.at(-1)).toEqual({ role: 'user', content: 'What is 1 + 1?' });
});

it('lets the user begin and speak in turn with the model, whatever was said', () => {
  const history = [
    said('ROLE_AGENT', { text: 'Hello!' }),
    said('ROLE_USER', { text: ' ' }),
    said('ROLE_USER', { text: 'One' }),
    said('ROLE_USER', { text: 'Two' }),
  ];
  expect(sessionPrompt(history, now)).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'One\n\nTwo\n\nWhat is 1 + 1?' }] },
  ]);
});

it('shows of a long session the newest messages that fit', () => {
  const long = 'word '.repeat(20_000);
  const history = [1, 2, 3, 4, 5].flatMap((n) => [
    said('ROLE_USER', { text: `${n} ${long}` }),
    said('ROLE_AGENT', { text: `Answer ${n}` }),
  ]);
  const [first] = sessionPrompt(history, now);
  expect(JSON.stringify(first)).toMatch(/^.{0,60}"text":"4 word/);
});
