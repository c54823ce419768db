/** What is said of a task that rests, and the exit code for it: as `continuo call` and `continuo tasks watch` end. */
import type { Task } from '@continuo/client';
import { agentOf, isWaiting, stateOf } from '@continuo/client/facts';
import { failureInWords, partsText } from '../remote/in-words.js';
import type { ExitCode } from '../terminal/failure.js';
import { note } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

const ends: Readonly<Record<string, string>> = {
  CANCELED: 'was cancelled',
  REJECTED: 'was rejected',
  FAILED: 'failed',
};

export function exitCodeOf(task: Task): ExitCode {
  const state = stateOf(task);
  return state === 'COMPLETED' ? 0 : isWaiting(state) ? 3 : 1;
}

/** Its question and how it is answered, or why it has come to a bad end; what it has made was written already. */
export async function tellRest(task: Task, terminal: Terminal): Promise<void> {
  const state = stateOf(task);
  const said = printable(partsText(task.status.message?.parts));
  const { yellow, red } = terminal.errorColours;
  if (isWaiting(state)) {
    await note(terminal, `${yellow('?')} ${said}`);
    await note(terminal, `It waits for an answer: continuo call ${agentOf(task)} --task ${task.id} "…"`);
  } else if (state !== 'COMPLETED') {
    const why = printable(failureInWords(task) ?? said);
    await note(terminal, `${red('✗')} Task ${task.id} ${ends[state] ?? 'has ended'}${why === '' ? '.' : `: ${why}`}`);
  }
}
