/** What a command has to say: JSON for programs, or lines for people. */
import { printableJson } from './printable.js';
import { write, type Terminal } from './terminal.js';

export interface OutputOptions {
  readonly json?: boolean;
}

/** With `--json` the value, else what `tell` makes of it. */
export async function output<Value>(
  terminal: Terminal,
  { json = false }: OutputOptions,
  value: Value,
  tell: (value: Value) => string,
): Promise<void> {
  await write(terminal.stdout, `${json ? printableJson(value, 2) : tell(value)}\n`);
}

/** For people only: it goes to stderr, so that what is piped on is what was asked for. */
export async function note(terminal: Terminal, line: string): Promise<void> {
  await write(terminal.stderr, `${line}\n`);
}
