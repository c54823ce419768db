/** Whoever runs the command: what they are told, and whether they can be asked. */
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';

export interface Terminal {
  /** Where the command was run. */
  readonly directory: string;
  /** Somebody sits in front of it. */
  readonly isInteractive: boolean;
  /** Where questions are answered and asked. */
  readonly input: Readable;
  readonly output: Writable;
  say(text: string): void;
  complain(text: string): void;
  /** Makes it stand out where it is for people. */
  bold(text: string): string;
  dim(text: string): string;
}

export type TerminalProcess = Pick<NodeJS.Process, 'cwd' | 'env' | 'stdin' | 'stdout' | 'stderr'>;

export function terminalOf({ cwd, env, stdin, stdout, stderr }: TerminalProcess): Terminal {
  const isTerminal = stdin.isTTY && stdout.isTTY;
  const styled = (style: 'bold' | 'dim', text: string): string =>
    stdout.isTTY && env['NO_COLOR'] === undefined ? styleText(style, text) : text;
  return {
    directory: cwd(),
    isInteractive: isTerminal && (env['CI'] ?? '') === '',
    input: stdin,
    output: stdout,
    say: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    bold: (text) => styled('bold', text),
    dim: (text) => styled('dim', text),
  };
}
