/** What traces are told of a task by what was appended to it: that it has ended, and that it waits for a person no more. */
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { NewEvent, NewStatus } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal, toWireState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Append, Appended } from './append-events.js';
import type { TracedTask, Waited } from './traced-task.js';

/** What somebody is asked by the task, who answers it now; undefined without tracing. */
export function waitedFor(question: string, since: Date | string): Waited | undefined {
  const traces = tracing();
  if (traces === undefined) return undefined;
  return { question, since: new Date(since).toISOString(), by: traces.here() };
}

/** Call it when they are committed. */
export function tellTraces(appends: readonly Append[], appended: ReadonlyMap<string, Appended>): void {
  if (tracing() === undefined) return;
  for (const append of appends) {
    const traced = appended.get(append.taskId)?.traced;
    if (traced === undefined) continue;
    tellOfWait(append, traced);
    const end = append.events.findLast(isEnd);
    if (end !== undefined) tellOfEnd(append, traced, end);
  }
}

function tellOfEnd({ taskId, contextId, agent, at }: Append, traced: TracedTask, end: NewStatus): void {
  const { trace, begunAt, retriedAt } = traced;
  const { state, failure } = end;
  const from = new Date(retriedAt ?? begunAt).toISOString();
  const attributes = {
    'gen_ai.agent.name': agent,
    'gen_ai.conversation.id': contextId,
    'a2a.task.id': taskId,
    'a2a.task.state': toWireState(state),
  };
  const failed = state === 'FAILED' ? (failure ?? { name: 'Error', message: 'The task failed.' }) : undefined;
  const past = { name: `task ${agent}`, from, to: at, attributes, failure: failed };
  tracing()?.tellOfTask(trace, past, retriedAt !== null);
}

function tellOfWait({ taskId, answer, waited, at }: Append, { trace }: TracedTask): void {
  if (waited === undefined) return;
  const { question, since: from, by } = waited;
  const timedOut = answer !== undefined && 'timedOut' in answer;
  const attributes = { 'a2a.task.id': taskId, 'continuo.wait.kind': 'question', 'continuo.wait.timed_out': timedOut };
  const links = by === undefined ? [] : [by];
  tracing()?.tell({ name: 'wait question', named: question, from, to: at, attributes, links }, trace);
}

function isEnd(event: NewEvent): event is NewStatus {
  return event.kind === 'statusUpdate' && event.state !== undefined && isTerminal(event.state);
}
