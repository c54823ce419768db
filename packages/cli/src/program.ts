/** The commands of `continuo`, with what `--help` says of them. What they do is loaded when it is done. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { agentCommands } from './commands/agents-command.js';
import { auditCommands } from './commands/audit-command.js';
import { callCommand } from './commands/call-command.js';
import { developCommands } from './commands/develop-commands.js';
import { keyCommands } from './commands/keys-command.js';
import { sessionCommands } from './commands/sessions-command.js';
import { taskCommands } from './commands/tasks-command.js';
import { webhookCommands } from './commands/webhooks-command.js';
import { databaseCommands } from './commands/database-commands.js';
import { completeCommand, completionCommand } from './completion/completion-command.js';
import { loadDotEnv } from './project/project.js';
import type { Terminal } from './terminal/terminal.js';

const MORE = `
Commands that talk to a server take the one of this directory (PORT, by default http://127.0.0.1:4000), or the one that
--url or CONTINUO_URL names, with the key in the file of --key-file or in CONTINUO_API_KEY. Variables are read from .env, too.

Exit codes: 0 done; 1 what was asked for is not so, or the task failed; 2 wrong usage, or it could not be done;
3 the task waits for an answer.`;

export function createProgram(terminal: Terminal): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  const program = new Command('continuo')
    .description('Develop, run, check, call and look after durable A2A agents.')
    .version(version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print what a command does')
    .helpCommand('help [command]', 'Print what a command does')
    .showHelpAfterError('(--help says more.)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .exitOverride()
    .hook('preAction', () => loadDotEnv(terminal.env, process.cwd()))
    .addHelpText('after', MORE);
  const { bold, dim, cyan } = terminal.colours;
  program.configureHelp({
    styleTitle: (text) => bold(text),
    styleCommandText: (text) => cyan(text),
    styleSubcommandText: (text) => cyan(text),
    styleOptionText: (text) => cyan(text),
    styleArgumentText: (text) => dim(text),
  });
  program.configureOutput({
    outputError: (text, print) => print(text.replace(/^error:/, terminal.errorColours.red('error:'))),
  });
  const groups = [
    ['Develop and run:', developCommands(terminal)],
    [
      'Talk to a server:',
      [
        callCommand(terminal),
        agentCommands(terminal),
        taskCommands(terminal),
        sessionCommands(terminal),
        webhookCommands(terminal),
      ],
    ],
    ['Look after it:', databaseCommands(terminal).concat(keyCommands(terminal), auditCommands(terminal))],
    ['This command:', [completionCommand(terminal)]],
  ] as const;
  for (const [title, commands] of groups) {
    program.commandsGroup(title);
    for (const command of commands) {
      program.addCommand(command);
      inherit(command, program);
    }
  }
  program.addCommand(completeCommand(program, terminal), { hidden: true });
  return program;
}

/** `addCommand` leaves a command as it was made. */
function inherit(command: Command, parent: Command): void {
  const takesMore = command.name() === 'list';
  command.copyInheritedSettings(parent);
  // A word behind the group's name that is no command is told as one (addList).
  if (takesMore) command.allowExcessArguments(true);
  for (const child of command.commands) inherit(child, command);
}
