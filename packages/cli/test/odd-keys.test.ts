/** What is given as a key and is none: said so, without a word of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ContinuoClient } from '@continuo/client';
import { captured } from './support/captured-run.js';

const SECRET = 'ck_0123456789ab_nobody-sees-this';
const odd = [`${SECRET}\n# of ada`, `${SECRET} of ada`, `${SECRET}\u2014`, `${SECRET}\u0001x`];
const directory = mkdtempSync(join(tmpdir(), 'continuo-odd-keys-'));

afterAll(() => rmSync(directory, { recursive: true }));

it.each(odd)('in a file: %j', async (key) => {
  const file = join(directory, 'key');
  writeFileSync(file, key);
  const { code, stdout, stderr } = await captured(['tasks', 'list', '--url', 'http://127.0.0.1:9', '--key-file', file]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`--key-file ${file}: expected a key`);
  expect(stderr).not.toContain(SECRET);
});

it.each(odd)('in the environment: %j', async (key) => {
  const words = ['tasks', 'list', '--url', 'http://127.0.0.1:9'];
  const { code, stderr } = await captured(words, { env: { CONTINUO_API_KEY: key } });
  expect(code).toBe(2);
  expect(stderr).toContain('CONTINUO_API_KEY: expected a key');
  expect(stderr).not.toContain(SECRET);
});

it.each(odd)('in a program: %j', async (key) => {
  for (const given of [{ apiKey: key }, { token: () => key }]) {
    const client = new ContinuoClient({ url: 'http://127.0.0.1:9', retries: 0, ...given });
    const error: unknown = await client.call('listTasks', {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain(SECRET);
  }
});
