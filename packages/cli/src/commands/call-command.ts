/** `continuo call`: talks to an agent. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import type { CallOptions } from '../call/call.js';
import { repeated, serverCommand } from './server-command.js';

export function callCommand(terminal: Terminal): Command {
  const command: Command = serverCommand(
    'call',
    'Ask an agent; its answer is written as it comes, its questions are asked here',
  )
    .argument('<agent>', 'type/name, or the name where there is one of that name')
    .argument('[text...]', 'what to say')
    .option('--session <id>', 'in this session; `new` begins one')
    .option('--data <json>', 'data beside or instead of the text; @file reads it from a file')
    .option('--file <path>', 'a file to hand in; may be repeated', repeated)
    .option('--task <id>', 'answer this task, which waits')
    .option('--detach', "don't wait for the answer: print the task, and leave it running")
    .addHelpText(
      'after',
      `
Examples:
  continuo call greeter "Hello"
  continuo call function/countdown --data '{"steps": 5}'
  continuo call assistant "What is in here?" --file report.pdf --session new

Without a terminal nothing is asked: a task that waits ends the command with exit code 3, and
\`continuo call <agent> --task <id> "…"\` answers it. Ctrl-C offers to cancel the task; else it goes on without you.`,
    )
    .action(async (agent: string, words: readonly string[], options: CallOptions) => {
      const { call } = await import('../call/call.js');
      await call(agent, words.join(' '), options, terminal);
    });
  return command;
}
