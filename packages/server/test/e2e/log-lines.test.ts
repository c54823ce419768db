/** The log of a process that ends is whole and in order, however it ends. */
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

const log = new URL('../../dist/platform/log.js', import.meta.url).href;
const told = `import { createLog } from '${log}'; const log = createLog('info');
  for (let n = 1; n <= 5_000; n += 1) { log.info(String(n)); if (n % 1_000 === 0) await null; }`;

/** What the script writes to stdout until it ends. */
async function outputOf(script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: unknown[] = await child.stdout.setEncoding('utf8').toArray();
  return chunks.join('');
}

const all = Array.from({ length: 5_000 }, (_, index) => String(index + 1));
const messages = (output: string): readonly unknown[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: unknown }).msg);

it.each([
  ['by itself', ''],
  ['by process.exit', 'process.exit(3);'],
  ['by an exception', 'throw new Error("no");'],
  ['by a promise that was rejected', 'Promise.reject(new Error("no"));'],
])('%s', async (_how, end) => {
  expect(messages(await outputOf(`${told} ${end}`))).toEqual(all);
});

it('a fatal line is written at once, behind those before it', async () => {
  const end = "log.fatal('the end'); process.kill(process.pid, 'SIGKILL');";
  expect(messages(await outputOf(`${told} ${end}`))).toEqual([...all, 'the end']);
});

it('a kill loses no line of an earlier turn', async () => {
  const later = "setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')));";
  expect(messages(await outputOf(`${told} ${later}`))).toEqual(all);
});
