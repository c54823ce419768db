/** No secret is in a line of the log, wherever it stood. */
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

const log = new URL('../../dist/platform/log.js', import.meta.url).href;

/** What a process writes that logs so. */
async function written(said: string): Promise<string> {
  const script = `import { createLog } from '${log}';
    const failed = Object.assign(new Error('refused'), { token: 'hush-1', status: 401 });
    const log = createLog('debug', { secrets: ['sk-configured'] }); ${said}`;
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

it('everything else is as it was said', async () => {
  const text = await written(`log.warn({ taskId: 'x', err: failed, list: [1], at: new Date(0) }, 'said');`);
  const at = '1970-01-01T00:00:00.000Z';
  expect(JSON.parse(text)).toMatchObject({ taskId: 'x', err: { message: 'refused', status: 401 }, list: [1], at });
});
