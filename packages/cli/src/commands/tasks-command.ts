/** `continuo tasks`: lists, shows, watches and manages tasks. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, count, depth, serverCommand } from './server-command.js';

export function taskCommands(terminal: Terminal): Command {
  const tasks = new Command('tasks').description('List, show, watch, cancel, retry tasks');
  const load = () => import('./tasks.js');
  addList(
    tasks,
    serverCommand('list', 'List tasks, the last changed first')
      .option('--agent <type/name>', 'of this agent')
      .option('--state <state>', 'in this state, as WORKING, INPUT_REQUIRED, FAILED')
      .option('--session <id>', 'of this session')
      .option('--held', 'held until fitting code takes them up')
      .option('--top-level', 'only those that no task has called')
      .option('--query <words>', 'with these words')
      .option('--limit <tasks>', 'at most so many', count, 20)
      .action(async (options) => (await load()).listTasks(options, terminal)),
  );
  tasks.addCommand(
    serverCommand('show', 'Show a task: what was asked, how far it is, its steps and what it made')
      .argument('<id>', 'the task')
      .action(async (id: string, options) => (await load()).showTask(id, options, terminal)),
  );
  tasks.addCommand(
    serverCommand('watch', 'Follow what a task says until it ends or asks; Ctrl-C stops watching, not the task')
      .argument('<id>', 'the task')
      .action(async (id: string, options) => (await load()).watchTask(id, options, terminal)),
  );
  tasks.addCommand(
    serverCommand('trace', 'Show what a task has done: its runs with their steps, calls, model calls and waits')
      .argument('<id>', 'the task')
      .option('--depth <calls>', 'with the traces of what it called, so many calls deep (0 to 5)', depth)
      .action(async (id: string, options) => (await import('./task-trace.js')).showTrace(id, options, terminal)),
  );
  tasks.addCommand(
    serverCommand('log', "Show what a task's agent has logged")
      .argument('<id>', 'the task')
      .option('--level <level>', 'this level and what is graver: debug, info, warn or error', 'debug')
      .action(async (id: string, options) => (await import('./task-log.js')).showLog(id, options, terminal)),
  );
  tasks.addCommand(
    serverCommand('cancel', 'Cancel tasks, with all that they have called')
      .argument('<id...>', 'the tasks')
      .action(async (ids: readonly string[], options) => (await load()).cancelTasks(ids, options, terminal)),
  );
  tasks.addCommand(
    serverCommand('delete', 'Delete a task that has ended, with what it called, for ever')
      .argument('<id>', 'the task')
      .option('--yes', "don't ask")
      .action(async (id: string, options) => (await load()).deleteTask(id, options, terminal)),
  );
  tasks.addCommand(
    serverCommand('retry', 'Make a new attempt of a task that failed or was cancelled')
      .argument('<id>', 'the task')
      .action(async (id: string, options) => (await load()).retryTask(id, options, terminal)),
  );
  return tasks;
}
