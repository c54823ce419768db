/** A short round of the chaos run (`npm run chaos`): real processes, killed and paused under load, and no promise broken. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { stopOrphanedPostgres } from '../support/orphaned-postgres.js';
import { afterThisTest, aTestFailed } from '../support/outcome.js';
import { makeTestDirectory } from '../support/test-directory.js';

const script = fileURLToPath(new URL('../../chaos/main.mjs', import.meta.url));

it('breaks no promise while instances are killed, paused and stopped', { timeout: 300_000 }, async () => {
  const directory = await makeTestDirectory('chaos');
  const options = ['--minutes', '0.5', '--seed', '20', '--load', '10', '--directory', directory];
  const run = spawn(process.execPath, [script, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  afterThisTest(async () => {
    run.kill('SIGTERM');
    await stopOrphanedPostgres(directory);
    if (!aTestFailed()) await rm(directory, { recursive: true, force: true });
  });
  let output = '';
  for (const stream of [run.stdout, run.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => run.once('close', resolve));
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('| **Violations** | **0** |') });
});
