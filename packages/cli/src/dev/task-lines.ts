/** The tasks of a server as they run: a line when one begins, asks, is held or ends. */
import type { StreamResponse, Task, TaskStatus } from '@continuo/client';
import { agentOf, createdAt, hasEnded, isWaiting, progressOf, toState } from '@continuo/client/facts';
import { followTasks } from '../remote/follow.js';
import type { Server } from '../remote/server.js';
import { failureInWords, heldInWords, partsText } from '../remote/in-words.js';
import { oneLine } from '../terminal/printable.js';
import { shortened } from '../terminal/table.js';
import { span } from '../terminal/times.js';
import type { Colours } from '../terminal/colours.js';

const LONGEST = 100;

interface Known {
  readonly agent: string;
  readonly since: number;
  said: string;
}

/** Calls `say` with each line, until `signal` is aborted. Throws ServerError when the server won't tell. */
export async function tellTasks(
  server: Server,
  {
    signal,
    say,
    colours,
  }: { readonly signal: AbortSignal; readonly say: (line: string) => void; readonly colours: Colours },
): Promise<void> {
  const known = new Map<string, Known>();
  for await (const { event } of followTasks(server, { signal })) {
    const change = statusIn(event);
    if (change === undefined) continue;
    const { id, status, metadata } = change;
    const task = known.get(id) ?? (await lookUp(server, change));
    known.set(id, task);
    const state = toState(status.state);
    const line = lineOf(task, status, { metadata }, colours);
    if (line !== undefined && line.key !== task.said) {
      task.said = line.key;
      say(`${colours.dim(clockOf(status.timestamp))}  ${line.text}  ${colours.dim(id)}`);
    }
    if (hasEnded(state)) known.delete(id);
  }
}

function statusIn({ task, statusUpdate }: StreamResponse) {
  if (task !== undefined) return { id: task.id, status: task.status, metadata: task.metadata };
  if (statusUpdate === undefined) return undefined;
  return { id: statusUpdate.taskId, status: statusUpdate.status, metadata: statusUpdate.metadata };
}

async function lookUp(
  server: Server,
  { id, status, metadata }: { readonly id: string; readonly status: TaskStatus; readonly metadata: Task['metadata'] },
): Promise<Known> {
  const task =
    agentOf({ metadata }) === ''
      ? await server.call('getTask', { path: { id }, query: { historyLength: 0 } }).catch(() => undefined)
      : { metadata };
  const created = createdAt({ metadata: task?.metadata })?.getTime() ?? Date.parse(status.timestamp);
  return { agent: agentOf({ metadata: task?.metadata }), since: created, said: '' };
}

function lineOf(
  { agent, since }: Known,
  status: TaskStatus,
  about: Pick<Task, 'metadata'>,
  { green, red, yellow, cyan, magenta, bold }: Colours,
): { readonly key: string; readonly text: string } | undefined {
  const state = toState(status.state);
  const said = shortened(oneLine(partsText(status.message?.parts)), LONGEST);
  const after = span((Date.parse(status.timestamp) - since) / 1_000);
  const held = heldInWords(about);
  const name = bold(agent);
  if (held !== undefined)
    return { key: `HELD ${held}`, text: `${magenta('‖')} ${name} is held: ${shortened(oneLine(held), LONGEST)}` };
  if (isWaiting(state))
    return { key: `${state} ${status.message?.messageId}`, text: `${yellow('?')} ${name} asks: ${said}` };
  if (state === 'COMPLETED') return { key: state, text: `${green('✓')} ${name} completed after ${after}` };
  if (state === 'CANCELED') return { key: state, text: `${yellow('■')} ${name} was cancelled after ${after}` };
  if (state === 'FAILED' || state === 'REJECTED') {
    const why = shortened(oneLine(failureInWords(about) ?? said), LONGEST);
    return {
      key: state,
      text: `${red('✗')} ${name} ${state === 'FAILED' ? 'failed' : 'was rejected'} after ${after}${why === '' ? '' : `: ${why}`}`,
    };
  }
  const { title } = progressOf(about);
  return { key: 'BEGUN', text: `${cyan('▶')} ${name}${title === '' ? '' : ` ${shortened(oneLine(title), LONGEST)}`}` };
}

function clockOf(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
