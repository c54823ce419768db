/** The key in the data directory: made once, and never none. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sealingKey } from '../../src/platform/sealing-key.js';
import { makeTestDirectory } from '../support/test-directory.js';

it('is made once, whoever asks', async () => {
  const dataDir = await makeTestDirectory('sealing');
  const ask = () => sealingKey({ sealingKey: undefined, databaseUrl: undefined, dataDir });
  const [one, other] = await Promise.all([ask(), ask()]);
  expect(one).toMatch(/\S{32}/);
  expect([other, await ask()]).toEqual([one, one]);
  expect((await readFile(join(dataDir, 'sealing-key'), 'utf8')).trim()).toBe(one);
});

it('is refused when the file has nothing in it, as after a power failure', async () => {
  const dataDir = await makeTestDirectory('sealing');
  await writeFile(join(dataDir, 'sealing-key'), '\n');
  const asked = sealingKey({ sealingKey: undefined, databaseUrl: undefined, dataDir });
  await expect(asked).rejects.toThrow(/sealing-key is empty: restore it/);
});
