/** The environment of the program: what is missing or wrong is named, and the guide has all of it. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { settingsFrom } from '../src/settings.js';

const env = {
  CONTINUO_URL: 'http://127.0.0.1:4000',
  MAIL_SMTP_URL: 'smtp://user:password@127.0.0.1',
  MAIL_FROM: 'agents@example.com',
  MAIL_TO: 'ann@example.com, support/refunds=bob@example.com,support/refunds=eve@example.com',
  MAIL_REPLY_DOMAIN: 'replies.example.com',
  MAIL_SECRET: 'secret',
  MAIL_WEBHOOK_URL: 'http://127.0.0.1:5025/',
};

it('what is set becomes the options of the channel', () => {
  expect(settingsFrom({ ...env, MAIL_PORT: '25' })).toMatchObject({
    url: env.CONTINUO_URL,
    to: { '*': ['ann@example.com'], 'support/refunds': ['bob@example.com', 'eve@example.com'] },
    replies: { host: '0.0.0.0', port: 25 },
    webhook: { host: '127.0.0.1', port: 5025 },
  });
});

it.each(Object.keys(env))('a start without %s says so', (name) => {
  expect(() => settingsFrom({ ...env, [name]: '' })).toThrow(name);
});

it.each([
  ['MAIL_PORT', '99999'],
  ['MAIL_WEBHOOK_PORT', 'http'],
  ['MAIL_TO', 'ann'],
  ['MAIL_TO', 'refunds=bob@example.com'],
  ['MAIL_TO', 'ann@example.com,,'],
])('%s=%s is refused', (name, value) => {
  expect(() => settingsFrom({ ...env, [name]: value })).toThrow(name);
});

it('the guide has every variable, and no other', async () => {
  const [source, guide] = await Promise.all(
    ['../src/settings.ts', '../../../docs/mail.md'].map((path) => readFile(new URL(path, import.meta.url), 'utf8')),
  );
  const read = [...String(source).matchAll(/'((?:MAIL|CONTINUO)_\w+)'/g)].map(([, name]) => name);
  const rows = String(guide)
    .split('\n')
    .filter((line) => /^\| `(MAIL|CONTINUO)_/.test(line));
  const told = rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(new Set(told)).toEqual(new Set(read));
});
