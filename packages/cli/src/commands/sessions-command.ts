/** `continuo sessions`: lists, shows, exports and deletes sessions. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, count, serverCommand } from './server-command.js';

export function sessionCommands(terminal: Terminal): Command {
  const sessions = new Command('sessions').description('List, show, export, delete sessions');
  const load = () => import('./sessions.js');
  addList(
    sessions,
    serverCommand('list', 'List sessions, the last changed first')
      .option('--query <words>', 'with these words')
      .option('--limit <sessions>', 'at most so many', count, 20)
      .action(async (options) => (await load()).listSessions(options, terminal)),
  );
  sessions.addCommand(
    serverCommand('show', 'Show what was said in a session')
      .argument('<id>', 'the session')
      .option('--limit <messages>', 'at most so many, the last', count, 50)
      .action(async (id: string, options) => (await load()).showSession(id, options, terminal)),
  );
  sessions.addCommand(
    serverCommand('export', 'Write all of a session as JSON: messages, state, tasks with their events')
      .argument('<id>', 'the session')
      .option('--output <file>', 'into this file')
      .action(async (id: string, options) => (await load()).exportSession(id, options, terminal)),
  );
  sessions.addCommand(
    serverCommand('delete', 'Delete a session with its messages and tasks, for ever')
      .argument('<id>', 'the session')
      .option('--yes', "don't ask")
      .action(async (id: string, options) => (await load()).deleteSession(id, options, terminal)),
  );
  return sessions;
}
