/** `continuo-mail` as a process of its own, to be killed and started again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { surroundings } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';

const program = fileURLToPath(new URL('../../bin/continuo-mail.js', import.meta.url));

export interface ChannelProcess {
  /** All it has written. */
  output(): string;
  /** Resolves with its exit code when it is gone: null when the signal ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Resolves when it is ready. Throws what it wrote when it ends before. */
export async function startChannel(env: Readonly<Record<string, string>>): Promise<ChannelProcess> {
  const child = spawn(process.execPath, [program], { env: { ...surroundings(), ...env } });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  const exited = once(child, 'exit');
  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const takeBack = afterThisTest(async () => void (await kill('SIGKILL')));
  void exited.then(takeBack);
  await until(() => written.includes('Ready') || child.exitCode !== null, { what: 'the channel to be ready' });
  if (child.exitCode !== null) throw new Error(`the channel ended: ${written}`);
  return { output: () => written, kill };
}
