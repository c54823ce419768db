/** What a model is shown of a session. */
import { expect, it } from 'vitest';
import { legalPrompt } from '@continuo/agent/internal/agents/models/legal-prompt.js';
import { toPrompt } from '@continuo/agent/internal/agents/models/prompt.js';
import { readsOf } from '@continuo/agent/internal/agents/models/readable-files.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';

function said(role: Message['role'], ...parts: readonly Part[]): Message {
  return { messageId: JSON.stringify(parts), role, parts };
}

it('shows the session in order, and the current message last', () => {
  const history = [said('ROLE_USER', { text: 'One' }), said('ROLE_AGENT', { text: 'Two' })];
  expect(toPrompt(history, [{ text: 'Three' }])).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'One' }] },
    { role: 'assistant', content: 'Two' },
    { role: 'user', content: [{ type: 'text', text: 'Three' }] },
  ]);
});

it('hands on inline files, writes out textual ones and data, and only names links', () => {
  const [turn] = toPrompt(
    [],
    [
      { text: 'Look' },
      { raw: 'aGk=', mediaType: 'image/png', filename: 'a.png' },
      { raw: Buffer.from('x,y').toString('base64'), mediaType: 'text/csv', filename: 'a.csv' },
      { data: { n: 1 } },
      { url: 'http://169.254.169.254/secret', mediaType: 'text/html' },
    ],
  );
  expect(turn?.content).toEqual([
    { type: 'text', text: 'Look' },
    { type: 'file', data: 'aGk=', mediaType: 'image/png', filename: 'a.png' },
    { type: 'text', text: 'File a.csv (text/csv):\nx,y' },
    { type: 'text', text: '{"n":1}' },
    { type: 'text', text: '[File without a name (text/html): http://169.254.169.254/secret]' },
  ]);
});

it('begins with the user even when the window over the session begins with an answer', () => {
  const prompt = toPrompt(
    [said('ROLE_AGENT', { text: 'Old answer' }), said('ROLE_USER', { text: 'Old' })],
    [{ text: 'New' }],
  );
  const reader = { reads: readsOf({ provider: 'openai' }), bridged: false, apart: true, hasRefused: () => false };
  expect(legalPrompt(prompt, reader).map((turn) => turn.role)).toEqual(['user', 'user']);
});

it('shows once what an orchestrator and the agent it asked both put into the session', () => {
  const history = [
    said('ROLE_USER', { text: 'Hi' }),
    said('ROLE_USER', { text: 'Hi' }),
    said('ROLE_AGENT', { text: 'Hello', metadata: { model: 'a/b' } }),
    said('ROLE_AGENT', { text: 'Hello' }),
    said('ROLE_USER', { text: 'And now?' }),
  ];
  expect(toPrompt(history, [{ text: 'And now?' }]).map((turn) => turn.role)).toEqual(['user', 'assistant', 'user']);
});

it('leaves out what is empty, and says so of the current message', () => {
  expect(toPrompt([said('ROLE_AGENT', { text: '' })], [{ text: '' }])).toEqual([
    { role: 'user', content: [{ type: 'text', text: '(The message is empty.)' }] },
  ]);
});
