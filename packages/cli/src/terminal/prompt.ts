/** Questions to whoever sits in front of the terminal. */
import { createInterface } from 'node:readline/promises';
import { CommandFailedError } from './failure.js';
import { screened } from './printable.js';
import type { Terminal } from './terminal.js';

/** What was typed, without what surrounds it. Throws CommandFailedError with 130 at Ctrl-C and Ctrl-D. */
export async function ask(question: string, { stdin, stderr }: Terminal): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: stdin.isTTY });
  try {
    return await new Promise<string>((resolve, reject) => {
      const brokenOff = (): void => reject(new CommandFailedError('Broken off.', 130));
      lines.once('SIGINT', brokenOff);
      lines.once('close', brokenOff);
      lines.question(screened(question)).then((answer) => resolve(answer.trim()), reject);
    });
  } finally {
    lines.close();
  }
}

/** Throws CommandFailedError when it isn't wanted, or when there is nobody who could be asked. */
export async function confirmed(
  question: string,
  { yes = false }: { readonly yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  if (yes) return;
  if (!terminal.isInteractive) throw new CommandFailedError(`${question} Say so with --yes.`);
  const answer = await ask(`${question} [y/N] `, terminal);
  if (!/^y(es)?$/i.test(answer)) throw new CommandFailedError('Nothing was done.', 1);
}
