/** `continuo audit`: lists and exports the audit log. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, count, serverCommand } from './server-command.js';

export function auditCommands(terminal: Terminal): Command {
  const audit = new Command('audit').description('List or export who did what, and who could not sign in; for admins');
  const load = () => import('./audit.js');
  addList(
    audit,
    filtered('list', 'List the entries, the newest first')
      .option('--limit <entries>', 'at most so many', count, 50)
      .action(async (options) => (await load()).listAudit(options, terminal)),
  );
  audit.addCommand(
    filtered('export', 'Write all of them as JSON, one entry a line')
      .option('--output <file>', 'into this file')
      .action(async (options) => (await load()).exportAudit(options, terminal)),
  );
  return audit;
}

function filtered(name: string, description: string): Command {
  return serverCommand(name, description)
    .option('--action <action>', 'only what was done so: task.canceled, key.created, sign-in.failed …')
    .option('--owner <owner>', 'only what this one did')
    .option('--subject <id>', 'only what was done to this task, session, key …')
    .option('--from <time>', 'not before: 2026-01-31T12:00:00Z')
    .option('--to <time>', 'before');
}
