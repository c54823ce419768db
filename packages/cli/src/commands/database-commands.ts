/** `doctor` and `migrate`. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';

export function databaseCommands(terminal: Terminal): readonly Command[] {
  return [doctorCommand(terminal), migrateCommand(terminal)];
}

function doctorCommand(terminal: Terminal): Command {
  return new Command('doctor')
    .description('Look at everything that Continuo needs, and say what is wrong and what to do')
    .option('--json', 'write JSON, for programs')
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
