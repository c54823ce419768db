/** No secret is in a line of the log, wherever it stood. */
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

const log = new URL('../../dist/platform/log.js', import.meta.url).href;

/** What a process writes that logs so. */
async function written(said: string, more = ''): Promise<string> {
  const script = `import { createLog } from '${log}';
    const failed = Object.assign(new Error('refused'), { token: 'hush-1', status: 401 });
    const log = createLog('debug', { secrets: ['sk-configured']${more} }); ${said}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: unknown[] = await child.stdout.setEncoding('utf8').toArray();
  return chunks.join('');
}

it.each([
  ['a field', `{ token: 'hush-1' }`],
  ['a field of a field', `{ config: { apiKey: 'hush-1', model: 'small' } }`],
  ['a field that is an object', `{ authorization: { scheme: 'x', value: 'hush-1' } }`],
  ['a field of an error', `{ err: failed }`],
  ['a field of an error elsewhere', `{ cause: failed }`],
  ['what is configured, in any place', `{ deep: { er: ['sk-configured'] } }`],
  ['a field that is spelled otherwise', `{ Authorization: 'hush-1', 'x-api-key': 'hush-1', clientSecret: 'hush-1' }`],
  ['a field far below', `{ request: { config: { headers: [{ 'Set-Cookie': 'hush-1' }], password: 'hush-1' } } }`],
  [
    'a field of an object of an error',
    `{ err: Object.assign(new Error('x'), { config: { headers: { Cookie: 'hush-1' } } }) }`,
  ],
  ['a field of JSON in a text', `{ answer: JSON.stringify({ access_token: 'hush-1', id: 1 }) }`],
  ['a parameter of an address', `{ err: new Error('GET https://a.example/x?page=1&api_key=hush-1 failed') }`],
  ['a header in a text', `{ err: new Error('sent Authorization: Bearer hush-1hush-1') }`],
])('is hidden: %s', async (_where, line) => {
  const text = await written(`log.info(${line}, 'said');`);
  expect(text).toContain('"msg":"said"');
  expect(text).toContain('[hidden]');
  expect(text).not.toMatch(/hush-1|sk-configured/);
});

it('is hidden: what a child logger has in each of its lines', async () => {
  const text = await written(`log.child({ secret: 'hush-1', part: 'door' }).info('said');`);
  expect(text).toMatch(/"secret":"\[hidden\]","part":"door"/);
});

it('an error that is just its words is just its words', async () => {
  expect(JSON.parse(await written(`log.warn({ err: 'refused' }, 'said');`))).toMatchObject({ err: 'refused' });
});

it('what hides a secret hides nothing else', async () => {
  const fields = {
    usage: { tokens: 5 },
    nextPageToken: 'a',
    answer: '{"id":1,"tokens":2}',
    url: 'http://a.example/?key=b',
  };
  expect(JSON.parse(await written(`log.info(${JSON.stringify(fields)}, 'said');`))).toMatchObject(fields);
  const answer = JSON.stringify({ secret: 'hush-1', id: 1 });
  const line = JSON.parse(await written(`log.info(${JSON.stringify({ answer })}, 'said');`)) as { answer: string };
  expect(JSON.parse(line.answer)).toEqual({ secret: '[hidden]', id: 1 });
});

const forged = '\r\n12:00:00 INFO: all is well \u001b[2J\u009b1A\u2028';

it.each(['msg', 'a field', 'an error', 'an error of a field'])(
  'whoever has written what is in a line adds no line to it, and moves no cursor: %s',
  async (where) => {
    const said = {
      msg: `log.info('said' + forged)`,
      'a field': `log.info({ name: forged }, 'said')`,
      'an error': `log.info({ err: new Error(forged) }, 'said')`,
      'an error of a field': `log.info({ err: forged, list: [forged] }, 'said')`,
    }[where];
    const text = await written(`const forged = ${JSON.stringify(forged)}; ${said};`, `, format: 'pretty'`);
    expect(text).toContain('said');
    expect(text).toContain('all is well');
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(text).not.toMatch(/^12:00:00 INFO|[\r\u001b\u009b\u2028]/m);
  },
);

it('nor to a line of the logger of an application', async () => {
  const lines: string[] = [];
  const note = (...said: unknown[]): void => void lines.push(...said.filter((text) => typeof text === 'string'));
  const logger = { log: note, error: note, warn: note };
  const { createLog } = (await import(log)) as { createLog: (level: string, given: object) => Record<string, Say> };
  const to = createLog('info', { to: logger });
  to['info']?.({ name: forged }, `said${forged}`);
  to['error']?.({ err: new Error(forged) }, 'said');
  expect(lines.length).toBeGreaterThan(2);
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  for (const line of lines) expect(line).not.toMatch(/^12:00:00 INFO|[\r\u001b\u009b\u2028]/m);
});

it('also where what is hidden was part of a number', async () => {
  const lines: string[] = [];
  const note = (text: unknown): void => void lines.push(String(text));
  const { createLog } = (await import(log)) as { createLog: (level: string, given: object) => Record<string, Say> };
  const to = createLog('info', { to: { log: note, error: note, warn: note }, secrets: ['12345678'] });
  to['warn']?.({ bytes: 123456789 }, 'said');
  expect(lines).toEqual([expect.stringContaining('said')]);
  expect(lines[0]).not.toContain('12345678');
});

type Say = (fields: object, message: string) => void;

it('everything else is as it was said', async () => {
  const text = await written(`log.warn({ taskId: 'x', err: failed, list: [1], at: new Date(0) }, 'said');`);
  const at = '1970-01-01T00:00:00.000Z';
  expect(JSON.parse(text)).toMatchObject({ taskId: 'x', err: { message: 'refused', status: 401 }, list: [1], at });
});
