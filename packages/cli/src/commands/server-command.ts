/** What commands that talk to a server have in common: which one, as whom, and how the answer is written. */
import { Command, InvalidArgumentError } from 'commander';
import type { ServerOptions } from '../remote/server.js';
import { nearest } from '../terminal/nearest.js';
import type { OutputOptions } from '../terminal/output.js';

export type RemoteOptions = ServerOptions & OutputOptions;

export function serverCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--url <url>', 'the server to talk to (CONTINUO_URL)')
    .option('--key-file <file>', 'a file with the API key (else CONTINUO_API_KEY)')
    .option('--json', 'write JSON, for programs');
}

/** For commander: how many calls deep, as the server takes it. */
export function depth(text: string): number {
  if (!/^[0-5]$/.test(text)) throw new InvalidArgumentError('Expected a number from 0 to 5.');
  return Number(text);
}

/** For commander: a whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 on.');
  return Number(text);
}

/** For commander: an option that may be repeated, or name several with commas. */
export function listed(text: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ];
}

/** For commander: an option that may be repeated, each time with one value, whatever is in it. */
export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `continuo tasks` lists, as `continuo tasks list` does; a word that is no command is told as one. */
export function addList(group: Command, list: Command): void {
  list.allowExcessArguments(true).hook('preAction', (_this, { args }) => {
    const [word] = args;
    if (word === undefined) return;
    const near = nearest(
      word,
      group.commands.map((command) => command.name()),
    );
    const meant = near === undefined ? '' : `\n(Did you mean ${near}?)`;
    group.error(`error: unknown command '${word}'${meant}`, { code: 'commander.unknownCommand' });
  });
  group.addCommand(list, { isDefault: true });
}
