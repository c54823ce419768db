/** What `continuo agents connect` and `disconnect` do. */
import { agentNameFrom } from '@continuo/client';
import { serverOf } from '../remote/server.js';
import { CommandFailedError } from '../terminal/failure.js';
import { givenFile } from '../terminal/given-file.js';
import { note, output } from '../terminal/output.js';
import { confirmed } from '../terminal/prompt.js';
import { oneLine } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RemoteOptions } from './server-command.js';

const PREFIX = /^external\//;

export async function connectAgent(
  url: string,
  options: RemoteOptions & { readonly name?: string; readonly headersFile?: string },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const headers = options.headersFile === undefined ? undefined : await headersIn(options.headersFile);
  const found = await server.call('checkAgent', { body: { url, headers } });
  if (!found.usable)
    throw new CommandFailedError(`${found.card} can't be connected: ${found.error ?? 'it is no agent'}`);
  const name =
    options.name?.replace(PREFIX, '') ??
    (agentNameFrom(found.name ?? '') || agentNameFrom(new URL(found.card).hostname));
  for (const { field, message } of found.flaws) await note(terminal, `Its card has a flaw: ${field}: ${message}`);
  const made = await server.call('connectAgent', { body: { name, url: found.card, headers } });
  await output(
    terminal,
    options,
    made,
    ({ agent }) => `${oneLine(found.name ?? found.card)} is connected as ${agent}.`,
  );
}

export async function disconnectAgent(
  given: string,
  options: RemoteOptions & { readonly yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  const name = given.replace(PREFIX, '');
  const server = serverOf(options, terminal.env);
  await confirmed(`Disconnect external/${name}, and hold its running tasks?`, options, terminal);
  await server.call('disconnectAgent', { path: { name } });
  await output(terminal, options, { disconnected: name }, () => `external/${name} is disconnected.`);
}

/** A header a line, as HTTP writes them; nothing of it is printed. */
async function headersIn(file: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await givenFile('--headers-file', file))
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line, index) => {
      const [, name, value] = /^([\w-]+):\s*(\S.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) return [name, value.trim()];
      throw new CommandFailedError(`Line ${index + 1} of ${file} is no header. Expected: Authorization: Bearer …`);
    }),
  );
}
