/** What `continuo tasks log` does. */
import type { TaskLog } from '@continuo/client';
import { serverOf } from '../remote/server.js';
import type { Colours } from '../terminal/colours.js';
import { note, output } from '../terminal/output.js';
import { oneLine } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RemoteOptions } from './server-command.js';

type Line = TaskLog['lines'][number];

interface LogOptions extends RemoteOptions {
  readonly level: Line['level'];
}

const paints = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const;

export async function showLog(id: string, options: LogOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const lines: Line[] = [];
  let dropped = 0;
  for (let after: number | null = 0; after !== null;) {
    const query = { level: options.level, after };
    const page: TaskLog = await server.call('readTaskLog', { path: { id }, query });
    lines.push(...page.lines);
    ({ dropped, next: after } = page);
  }
  await output(terminal, options, { lines, dropped }, () =>
    lines.length === 0 ? 'Nothing was logged.' : lines.map((line) => told(line, terminal.colours)).join('\n'),
  );
  if (dropped > 0 && options.json !== true) await note(terminal, `${dropped} more lines were not kept.`);
}

function told({ at, level, message, fields }: Line, colours: Colours): string {
  const more = fields === undefined ? '' : ` ${colours.dim(oneLine(JSON.stringify(fields)))}`;
  return `${colours.dim(at)} ${colours[paints[level]](level.padEnd(5))} ${oneLine(message)}${more}`;
}
