/** Calls of tools that clients run, over any protocol: what a turn ends with, and the results that come back. */
import { clientCallsIn, type ClientCall } from '@continuo/agent/internal/agents/tools/client-tools.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import { bare } from '../tasks/read-tasks.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { wholeResponse } from '../tasks/whole-event.js';
import type { Turn } from './turns.js';

/** The question, and which of its calls. */
interface PlaceOfCall {
  readonly taskId: string;
  /** The number of the event that asks. */
  readonly seq: number;
  readonly index: number;
}

const ID = /^call_([0-9a-f-]{36})_([1-9]\d{0,14})_(\d{1,6})$/;

function placeOf(id: string): PlaceOfCall | undefined {
  const [, taskId, seq, index] = ID.exec(id) ?? [];
  return taskId === undefined ? undefined : { taskId, seq: Number(seq), index: Number(index) };
}

/** Names the question that asked for the call; undefined for what is no id of a call that was asked for here. */
export function questionOfCall(id: string): string | undefined {
  const place = placeOf(id);
  return place === undefined ? undefined : `${place.taskId} ${place.seq}`;
}

/** What the end of a turn asks its client to run, by ids of which each names its task, the question and its place there. */
export function callsOf(
  taskId: string,
  { seq, message }: { readonly seq: number; readonly message: Message | undefined },
): readonly ClientCall[] {
  if (message === undefined) return [];
  return clientCallsIn(message).map((call, index) => ({ ...call, id: `call_${taskId}_${seq}_${index}` }));
}

/** What came of a call. */
export interface ClientResult {
  readonly callId: string;
  readonly output: unknown;
  /** What the model is told instead: the call has failed. */
  readonly error?: string | undefined;
  /** Where the id stands in the request. */
  readonly field: string;
}

export interface Results {
  /** `type/name`. */
  readonly agent: string;
  readonly results: readonly ClientResult[];
  /** Where all of them stand in the request. */
  readonly field: string;
}

/**
 * The turn that gives the task what it has asked for: the same results are the same turn. Throws INVALID_ARGUMENT, naming
 * the field, for ids of no call, of calls of several turns, and where not every call has one result.
 */
export async function answering(
  tasks: TasksService,
  caller: Caller,
  { agent, results, field }: Results,
): Promise<Required<Pick<Turn, 'taskId' | 'contextId' | 'parts' | 'messageId' | 'options'>>> {
  const [first] = results;
  const place = placeOf(first?.callId ?? '');
  const unknown = (at = field): ContinuoError => invalidArgument(at, 'the id of a call that this agent has asked for');
  if (place === undefined) throw unknown(first?.field);
  const { taskId, seq } = place;
  const at = await tasks.get(caller, taskId, bare).catch((error: unknown) => {
    throw error instanceof ContinuoError && error.code === 'TASK_NOT_FOUND' ? unknown(first?.field) : error;
  });
  const calls = at.agent === agent ? await askedAt(tasks, taskId, seq) : [];
  const toolResults: Record<string, object> = {};
  for (const { callId, output, error, field: own } of results) {
    const one = placeOf(callId);
    const call = one?.taskId === taskId && one.seq === seq ? calls[one.index] : undefined;
    if (call === undefined) throw unknown(own);
    if (Object.hasOwn(toolResults, call.id)) throw invalidArgument(own, 'one result for each call');
    toolResults[call.id] = error === undefined ? { output } : { error };
  }
  const missing = calls.findIndex(({ id }) => !Object.hasOwn(toolResults, id));
  if (missing >= 0) throw invalidArgument(field, `a result for each call, also for call_${taskId}_${seq}_${missing}`);
  return {
    taskId,
    contextId: at.task.contextId,
    parts: [{ data: { toolResults } }],
    messageId: derivedId(`results ${taskId} ${seq}`),
    options: { atSeq: seq },
  };
}

/** As the log has it: the task may have gone on since. */
async function askedAt(tasks: TasksService, taskId: string, seq: number): Promise<readonly ClientCall[]> {
  for await (const event of tasks.events(taskId, seq - 1, seq)) {
    const response = await wholeResponse(tasks, event);
    const { message } = 'statusUpdate' in response ? response.statusUpdate.status : {};
    if (message !== undefined) return clientCallsIn(message);
  }
  return [];
}
