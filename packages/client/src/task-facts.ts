/** What a task says of itself, read out of its metadata with the caution that foreign agents call for. */
import {
  CLIENT_TOOLS_EXTENSION,
  DELEGATION_EXTENSION,
  ERROR_EXTENSION,
  HELD_EXTENSION,
  INPUT_EXTENSION,
  PROGRESS_EXTENSION,
} from './extensions.js';
import type { Held } from './fold.js';
import type { Message, Part, Task } from './schema.generated.js';

export type WireState = Task['status']['state'];
export type TaskState = WireState extends `TASK_STATE_${infer Name}` ? Name : never;

export const taskStates = [
  'SUBMITTED',
  'WORKING',
  'INPUT_REQUIRED',
  'AUTH_REQUIRED',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'REJECTED',
] as const satisfies readonly TaskState[];

type Fields = Readonly<Record<string, unknown>>;

export interface Progress {
  /** What was asked, in a line; empty when it isn't known. */
  readonly title: string;
  readonly fraction: number;
  readonly stage: string;
  readonly parentTaskId: string | undefined;
  readonly rootTaskId: string | undefined;
  readonly attempt: number;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly step: string | undefined;
  readonly childTaskId: string | undefined;
  readonly causes: readonly string[];
}

export interface Question {
  readonly message: Message | undefined;
  readonly schema: Fields | undefined;
  readonly expiresAt: string | undefined;
}

export function stateOf(task: Pick<Task, 'status'>): TaskState {
  return toState(task.status.state);
}

export function toState(wire: WireState): TaskState {
  return wire.slice('TASK_STATE_'.length) as TaskState;
}

export function hasEnded(state: TaskState): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELED' || state === 'REJECTED';
}

export function isWaiting(state: TaskState): boolean {
  return state === 'INPUT_REQUIRED' || state === 'AUTH_REQUIRED';
}

/** What a new attempt can be made of. */
export function canRetry(state: TaskState): boolean {
  return state === 'FAILED' || state === 'CANCELED';
}

/** `type/name`. */
export function agentOf({ metadata }: Pick<Task, 'metadata'>): string {
  return textIn(metadata, 'agent') ?? '';
}

/** The version of the agent that ran it last; undefined before its first run. */
export function agentVersionOf({ metadata }: Pick<Task, 'metadata'>): string | undefined {
  return textIn(metadata, 'agentVersion');
}

export function progressOf({ metadata }: Pick<Task, 'metadata'>): Progress {
  const said = fieldsIn(metadata, PROGRESS_EXTENSION);
  const fraction = Number(said?.['fraction'] ?? 0);
  const attempt = Number(said?.['attempt'] ?? 1);
  return {
    fraction: fraction >= 0 && fraction <= 1 ? fraction : 0,
    title: textIn(said, 'title') ?? '',
    stage: textIn(said, 'stage') ?? '',
    parentTaskId: textIn(said, 'parentTaskId'),
    rootTaskId: textIn(said, 'rootTaskId'),
    attempt: Number.isInteger(attempt) ? attempt : 1,
  };
}

/** Nothing that goes on is shown as done. */
const MOST_UNDONE = 0.99;

/** How much of it is done, from 0 to 1; undefined for what ended without being completed. `live` is what its log says. */
export function doneOf(task: Task, live = 0): number | undefined {
  const state = stateOf(task);
  if (state === 'COMPLETED') return 1;
  return hasEnded(state) ? undefined : Math.min(MOST_UNDONE, Math.max(progressOf(task).fraction, live));
}

export function failureOf({ metadata }: Pick<Task, 'metadata'>): Failure | undefined {
  const said = fieldsIn(metadata, ERROR_EXTENSION);
  if (said === undefined) return undefined;
  const causes = said['causes'];
  return {
    name: textIn(said, 'name') ?? 'Error',
    message: textIn(said, 'message') ?? '',
    step: textIn(said, 'step'),
    childTaskId: textIn(said, 'childTaskId'),
    causes: Array.isArray(causes) ? causes.map(String) : [],
  };
}

/** What its agent's code contradicts; undefined for a task that isn't held. */
export function heldOf({ metadata }: Pick<Task, 'metadata'>): Held | undefined {
  const said = fieldsIn(metadata, HELD_EXTENSION);
  if (said === undefined) return undefined;
  const [finished, found, since] = ['finished', 'found', 'since'].map((name) => textIn(said, name) ?? '');
  const reason = textIn(said, 'reason');
  const why = reason === undefined ? {} : { reason };
  return { finished: finished ?? '', found: found ?? '', since: since ?? '', ...why };
}

/** What the task waits for; undefined when it does not wait. */
export function questionOf(task: Task): Question | undefined {
  if (!isWaiting(stateOf(task))) return undefined;
  const { message } = task.status;
  const said = fieldsIn(message?.metadata, INPUT_EXTENSION);
  return { message, schema: fieldsIn(said, 'schema'), expiresAt: textIn(said, 'expiresAt') };
}

/** Whether it waits for what the program of its client answers by itself: the results of tools that the client runs. */
export function asksItsProgram(task: Task): boolean {
  return questionOf(task)?.message?.extensions?.includes(CLIENT_TOOLS_EXTENSION) === true;
}

/** What tells a task from others in a list: what was asked, else who was asked. */
export function titleOf(task: Pick<Task, 'metadata'>): string {
  return progressOf(task).title || agentOf(task);
}

/** Why this agent was chosen, where somebody chose it. */
export function choiceOf(metadata: Task['metadata']): string | undefined {
  return textIn(fieldsIn(metadata, DELEGATION_EXTENSION), 'reason');
}

/** When the task was made. */
export function createdAt({ metadata }: Pick<Task, 'metadata'>): Date | undefined {
  const made = new Date(textIn(fieldsIn(metadata, PROGRESS_EXTENSION), 'createdAt') ?? Number.NaN);
  return Number.isNaN(made.getTime()) ? undefined : made;
}

export function textOf(parts: readonly Part[] = []): string {
  return parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n');
}

/** The same for the same content: of text alone the text, without what surrounds it. */
export function contentOf(parts: readonly Part[] = []): string {
  const others = parts.filter(({ text }) => text === undefined).map(({ data, raw, url }) => ({ data, raw, url }));
  return [textOf(parts).trim(), ...others.map((other) => JSON.stringify(other))].join('\n').trim();
}

export function fieldsIn(from: Fields | undefined, name: string): Fields | undefined {
  return fieldsOf(from?.[name]);
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function textIn(from: Fields | undefined, name: string): string | undefined {
  const value = from?.[name];
  return typeof value === 'string' ? value : undefined;
}
