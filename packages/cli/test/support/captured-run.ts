/** The command in this process, with what it writes kept: for what needs neither a project nor a process of its own. */
import { PassThrough } from 'node:stream';
import { createProgram } from '../../src/program.js';
import { colours } from '../../src/terminal/colours.js';
import { failureOf, print } from '../../src/terminal/failure.js';
import type { Terminal } from '../../src/terminal/terminal.js';
import type { Run } from './project.js';

interface Shown {
  readonly colours?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `continuo <words>` as `main.ts` does. */
export async function captured(words: readonly string[], shown: Shown = {}): Promise<Run> {
  const painting = colours(shown.colours === true);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said = { stdout: '', stderr: '' };
  stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const terminal: Terminal = {
    env: shown.env ?? {},
    stdin: process.stdin,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    colours: painting,
    errorColours: painting,
    isInteractive: false,
  };
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await createProgram(terminal).parseAsync(words, { from: 'user' });
  } catch (error) {
    const { code, lines } = failureOf(error);
    await print(lines, terminal);
    process.exitCode = code;
  }
  const code = process.exitCode ?? 0;
  process.exitCode = before;
  return { code, ...said };
}
