/** What `continuo sessions` does. */
import { allPages } from '../remote/all-pages.js';
import { partsText } from '../remote/in-words.js';
import { saveAnswer } from '../remote/save-answer.js';
import { serverOf } from '../remote/server.js';
import { output } from '../terminal/output.js';
import { confirmed } from '../terminal/prompt.js';
import { oneLine, printable } from '../terminal/printable.js';
import { facts, table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { ago } from '../terminal/times.js';
import type { RemoteOptions } from './server-command.js';

export async function listSessions(
  options: RemoteOptions & { readonly query?: string; readonly limit: number },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const sessions = await allPages('sessions', options.limit, (page) =>
    server.call('listSessions', { query: { q: options.query, ...page } }),
  );
  await output(terminal, options, { sessions }, () => {
    if (sessions.length === 0) return 'No sessions.';
    return table(
      sessions,
      [
        { title: 'Session', cell: ({ id }) => id },
        { title: 'Messages', cell: ({ messageCount }) => String(messageCount), right: true },
        { title: 'Changed', cell: ({ updatedAt }) => ago(updatedAt), paint: terminal.colours.dim },
        { title: 'Title', cell: ({ title }) => title ?? '', cut: true },
      ],
      terminal,
    );
  });
}

export async function showSession(
  id: string,
  options: RemoteOptions & { readonly limit: number },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const session = await server.call('getSession', { path: { id } });
  const newest = await allPages('messages', options.limit, (page) =>
    server.call('listMessages', { path: { id }, query: { order: 'desc', ...page } }),
  );
  const messages = newest.toReversed();
  await output(terminal, options, { session, messages }, () => {
    const { dim, bold, cyan } = terminal.colours;
    const head = facts(
      [
        ['session', session.id],
        ['title', session.title ?? undefined],
        ['messages', String(session.messageCount)],
        ['started', ago(session.createdAt)],
        ['changed', ago(session.updatedAt)],
      ],
      terminal,
    );
    const said = messages.map(({ message, agent, createdAt }) => {
      const who = message.role === 'ROLE_USER' ? cyan('you') : bold(oneLine(agent ?? 'agent'));
      return `\n${who} ${dim(ago(createdAt))}\n${printable(partsText(message.parts))}`;
    });
    return [head, ...said].join('\n');
  });
}

export async function exportSession(
  id: string,
  options: RemoteOptions & { readonly output?: string },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const address = server.client.urlOf('exportSession', { path: { id } });
  await saveAnswer(server, address, { file: options.output, what: `Session ${id}` }, terminal);
}

export async function deleteSession(
  id: string,
  options: RemoteOptions & { readonly yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const { title, messageCount } = await server.call('getSession', { path: { id } });
  const what = `session ${title === null ? id : JSON.stringify(title)} with ${messageCount} messages and its tasks`;
  await confirmed(`Delete ${what} for ever?`, options, terminal);
  await server.call('deleteSession', { path: { id } });
  await output(terminal, options, { deleted: id }, () => `Session ${id} is deleted.`);
}
