/** `doctor`, `migrate`, `backup` and `restore`. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { serverCommand } from './server-command.js';

export function databaseCommands(terminal: Terminal): readonly Command[] {
  return [doctorCommand(terminal), migrateCommand(terminal), backupCommand(terminal), restoreCommand(terminal)];
}

function doctorCommand(terminal: Terminal): Command {
  return serverCommand('doctor', 'Look at everything that Continuo needs, and say what is wrong and what to do')
    .addHelpText(
      'after',
      `
Of a server that runs, on this machine or at --url, it looks at held tasks, queues, webhooks, failures, failed sign-ins and
more; where the server asks for a key, with an admin's. Exit code 1 when something is wrong.`,
    )
    .action(async (options) => {
      const { doctor } = await import('../doctor/doctor.js');
      await doctor(options, terminal);
    });
}

function migrateCommand(terminal: Terminal): Command {
  return new Command('migrate')
    .description("Bring the database up to this version's schema, as the start of a server does")
    .option('--check', 'only tell what would be done; exit code 1 when it is something')
    .option('--json', 'write JSON, for programs')
    .action(async (options) => {
      const { migrateDatabase } = await import('./migrate.js');
      await migrateDatabase(options, terminal);
    });
}

function backupCommand(terminal: Terminal): Command {
  return new Command('backup')
    .description('Write all that Continuo knows into a file, as of one moment; servers may run')
    .argument('<file>', 'a new file')
    .option('--json', 'write JSON, for programs')
    .addHelpText(
      'after',
      `
Of the database of DATABASE_URL, or of CONTINUO_DATA_DIR. Nothing else needs to be installed, and the file can be
restored into any PostgreSQL that Continuo runs on. It holds secrets: keep it as you keep the database. The content of
files and artifacts that lies in S3 is not in it.`,
    )
    .action(async (file: string, options) => {
      const { backup } = await import('./backup.js');
      await backup(file, options, terminal);
    });
}

function restoreCommand(terminal: Terminal): Command {
  return new Command('restore')
    .description('Read a backup into an empty database')
    .argument('<file>', 'what `continuo backup` has written')
    .option('--json', 'write JSON, for programs')
    .addHelpText(
      'after',
      `
Into the database of DATABASE_URL, or a new CONTINUO_DATA_DIR. Nothing is overwritten: one that isn't empty is refused.
What was open in the backup goes on as soon as a server starts; stop the servers on the old database before.`,
    )
    .action(async (file: string, options) => {
      const { restore } = await import('./backup.js');
      await restore(file, options, terminal);
    });
}
