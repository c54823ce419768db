/** What `continuo audit` does. */
import type { Given } from '@continuo/client';
import { allPages } from '../remote/all-pages.js';
import { saveAnswer } from '../remote/save-answer.js';
import { serverOf } from '../remote/server.js';
import { output } from '../terminal/output.js';
import { table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { ago } from '../terminal/times.js';
import type { RemoteOptions } from './server-command.js';

interface Filters {
  readonly action?: string;
  readonly owner?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
}

export async function listAudit(
  options: RemoteOptions & Filters & { readonly limit: number },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const entries = await allPages('entries', options.limit, (page) =>
    server.call('listAudit', { query: { ...filtersOf(options), ...page } }),
  );
  const { dim, red } = terminal.colours;
  await output(terminal, options, { entries }, () => {
    if (entries.length === 0) return 'No entries.';
    return table(
      entries,
      [
        { title: 'When', cell: ({ at }) => ago(at), paint: dim },
        {
          title: 'Action',
          cell: ({ action }) => action,
          paint: (text) => (text === 'sign-in.failed' ? red(text) : text),
        },
        { title: 'By', cell: ({ owner }) => owner ?? '–' },
        { title: 'Subject', cell: ({ subject }) => subject },
        { title: 'Details', cell: ({ details }) => inWords(details), cut: true },
      ],
      terminal,
    );
  });
}

export async function exportAudit(
  options: RemoteOptions & Filters & { readonly output?: string },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const address = server.client.urlOf('exportAudit', { query: filtersOf(options) });
  await saveAnswer(server, address, { file: options.output, what: 'The audit log' }, terminal);
}

/** The server says which actions there are, and which times it takes. */
function filtersOf({ action, owner, subject, from, to }: Filters): NonNullable<Given<'exportAudit'>['query']> {
  return { action, owner, subject, from, to } as NonNullable<Given<'exportAudit'>['query']>;
}

/** `agent demo/greeter, from start`. */
function inWords(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
