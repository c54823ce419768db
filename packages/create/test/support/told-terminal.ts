/** A terminal that remembers what it was told, and in which somebody may answer. */
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/terminal.js';

export interface ToldTerminal extends Terminal {
  /** Everything that was said, complained of and asked, so far. */
  told(): string;
  /** What is typed into it. */
  type(keys: string): void;
}

export function toldTerminal(directory: string, { isInteractive = false } = {}): ToldTerminal {
  let told = '';
  const input = new PassThrough();
  const output = new PassThrough();
  const tell = (text: string): void => void (told += `${text}\n`);
  output.setEncoding('utf8').on('data', tell);
  return {
    directory,
    isInteractive,
    input,
    output,
    say: tell,
    complain: tell,
    bold: (text) => text,
    dim: (text) => text,
    told: () => told,
    type: (keys) => void input.write(keys),
  };
}
