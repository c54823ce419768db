/** What became of a tested task, the same in memory and on a server. */
import { contentOf } from '../agents/content.js';
import { answerOfTask } from '../agents/task-answer.js';
import type { LogLine } from '../tasks/agent-log.js';
import type { Part } from '../sessions/message.js';
import type { Artifact, Task, TaskFailure } from '../tasks/task.js';
import type { Progress } from '../tasks/task-event.js';
import { fromWireState, type TaskState } from '../tasks/task-state.js';

/** A message of the session of a tested task, in short. */
export interface SpokenMessage {
  readonly role: 'user' | 'agent';
  readonly text: string;
  readonly data?: unknown;
}

/** What a tested task came to, however it got there. */
export interface Outcome {
  readonly state: TaskState;
  /** What the task answered: as a caller is given it by `task.call`. Of one that failed, why. */
  readonly text: string;
  /** The first data part of what it answered. */
  readonly data: unknown;
  readonly artifacts: readonly Pick<Artifact, 'name' | 'parts'>[];
  /** What the session has of it, in order. */
  readonly messages: readonly SpokenMessage[];
  readonly questions: readonly { readonly text: string; readonly answer: string | undefined }[];
  /** The state of its session. */
  readonly sessionState: Readonly<Record<string, unknown>>;
}

/** A call that the agent has made. */
export interface MadeCall {
  /** `type/name`. */
  readonly agent: string;
  readonly input: readonly Part[];
  readonly state: TaskState;
  /** What it answered; of one that failed, why. */
  readonly text: string;
}

/** A line that the agent has logged. */
export type LoggedLine = Pick<LogLine, 'level' | 'message' | 'fields'>;

/** What can be said of a tested task wherever it ran: assertions on it hold in memory and on a server. */
export interface ObservedTask extends Outcome {
  /** What must be the same whatever happened on the way. */
  readonly outcome: Outcome;
  /** What it reported, in order, its children's part of it included. */
  readonly progress: readonly Progress[];
  /** In the order in which they began. */
  readonly calls: readonly MadeCall[];
  readonly steps: readonly { readonly name: string; readonly failed: boolean }[];
  /** What it logged with `task.log`, in order, in all runs together. */
  readonly log: readonly LoggedLine[];
  readonly failure: TaskFailure | undefined;
  /** Both sides, when the code contradicts what the task has done. */
  readonly held: { readonly finished: string; readonly found: string } | undefined;
}

export function madeCall(agent: string, input: readonly Part[], state: TaskState, child: Task): MadeCall {
  const parts = [...(child.artifacts ?? []).flatMap((one) => one.parts), ...(child.status.message?.parts ?? [])];
  return { agent, input, state, text: contentOf(parts).text };
}

export function answered(task: Task): Pick<Outcome, 'state' | 'text' | 'data' | 'artifacts'> {
  const state = fromWireState(task.status.state) ?? 'WORKING';
  const { text, data } = contentOf(answerOfTask(task.id, task).parts);
  const artifacts = (task.artifacts ?? []).map(({ name, parts }) => ({
    ...(name === undefined ? {} : { name }),
    parts,
  }));
  return { state, text, data, artifacts };
}

export function spoken({ role, parts }: { readonly role: string; readonly parts: readonly Part[] }): SpokenMessage {
  const { text, data } = contentOf(parts);
  return { role: role === 'ROLE_USER' ? 'user' : 'agent', text, ...(data === undefined ? {} : { data }) };
}

export function logged({ level, message, fields }: LoggedLine): LoggedLine {
  return { level, message, ...(fields === undefined ? {} : { fields }) };
}
