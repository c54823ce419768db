/** `dev`, `start` and `check`. */
import { Command } from 'commander';
import type { OutputOptions } from '../terminal/output.js';
import type { Terminal } from '../terminal/terminal.js';
import type { CheckCommandOptions } from './check.js';
import type { DevOptions } from './dev.js';
import { count, listed } from './server-command.js';

export function developCommands(terminal: Terminal): readonly Command[] {
  return [devCommand(terminal), startCommand(terminal), checkCommand(terminal)];
}

function devCommand(terminal: Terminal): Command {
  return new Command('dev')
    .description('Run the program, and again with every edit; running tasks go on with the new code')
    .argument('[entry]', 'the program (default: "continuo": { "entry": … } in package.json, else src/main.ts)')
    .option('--no-open', "don't open the console in a browser")
    .option('--no-types', 'take an edit over without a check of its types')
    .option('--json', 'write what happens as an object a line')
    .addHelpText(
      'after',
      `
Compiles TypeScript as it is loaded, with decorator metadata. An edit that doesn't compile, or whose types are wrong, is
told, and the code from before goes on. Without DATABASE_URL it runs a PostgreSQL of its own (CONTINUO_DATA_DIR).`,
    )
    .action(async (entry: string | undefined, options: DevOptions) => {
      const { dev } = await import('./dev.js');
      await dev(entry, options, terminal);
    });
}

function startCommand(terminal: Terminal): Command {
  return new Command('start')
    .description('Run the built program, in production')
    .argument('[entry]', 'the program (default: dist/main.js)')
    .option('--json', 'as CONTINUO_LOG_FORMAT=json: an object a line')
    .action(async (entry: string | undefined, options: OutputOptions) => {
      const { start } = await import('./start.js');
      await start(entry, options, terminal);
    });
}

function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .description('Tell what the code at hand would make of every open task, before a deploy; changes nothing')
    .argument('[entry]', 'the program whose agents are checked (default: as for `continuo dev`, else dist/main.js)')
    .option(
      '--agents <path>',
      'a module that exports `agents`, or a directory of declared agents, in place of a program',
    )
    .option('--agent <type/name>', 'only tasks of this agent; may be repeated', listed)
    .option('--limit <tasks>', 'at most so many tasks, the oldest', count)
    .option('--json', 'write the report as JSON')
    .addHelpText(
      'after',
      `
Replays the journal of every open task without carrying anything out. The program runs up to its call of \`startServer\`.
Exit code 0: all go on. 1: some would be held or fail, have no agent here, or can't be told. 2: the check failed.`,
    )
    .action(async (entry: string | undefined, options: CheckCommandOptions) => {
      const { check } = await import('./check.js');
      await check(entry, options, terminal);
    });
}
