/** The states of a task and which may follow which (A2A v1.0, section 4.1.3). */

export const taskStates = [
  'SUBMITTED',
  'WORKING',
  'INPUT_REQUIRED',
  'AUTH_REQUIRED',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'REJECTED',
] as const;

/** The states of a task, as A2A has them, without `TASK_STATE_`. @useDeclaredType */
export type TaskState = (typeof taskStates)[number];

/** As A2A writes it: `TASK_STATE_WORKING`. */
export type WireTaskState = `TASK_STATE_${TaskState}`;

export const activeStates = ['SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED'] as const satisfies TaskState[];
export const waitingStates = ['INPUT_REQUIRED', 'AUTH_REQUIRED'] as const satisfies TaskState[];

const active: ReadonlySet<TaskState> = new Set(activeStates);
const waiting: ReadonlySet<TaskState> = new Set(waitingStates);

/** Ended: nothing can be added to it any more. */
export function isTerminal(state: TaskState): boolean {
  return !active.has(state);
}

/** Waits for a person: it does not run. */
export function isWaiting(state: TaskState): boolean {
  return waiting.has(state);
}

/** Nothing happens to it by itself: it has ended, or waits for a person. */
export function isSettled(state: TaskState): boolean {
  return isTerminal(state) || isWaiting(state);
}

export function toWireState(state: TaskState): WireTaskState {
  return `TASK_STATE_${state}`;
}

/** Undefined for what is no task state, `TASK_STATE_UNSPECIFIED` included. */
export function fromWireState(wire: string): TaskState | undefined {
  return taskStates.find((state) => toWireState(state) === wire);
}

/** As people name it: `WORKING` or `TASK_STATE_WORKING`. Undefined for what is no task state. */
export function stateNamed(name: string): TaskState | undefined {
  return taskStates.find((state) => state === name) ?? fromWireState(name);
}

/** Said of an agent whose task ended so, without a result: "function/print failed". */
export function howItEnded(state: TaskState): string {
  if (state === 'CANCELED') return 'was cancelled';
  return state === 'REJECTED' ? 'rejected the task' : 'failed';
}
