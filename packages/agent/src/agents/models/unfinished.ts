/** What a session doesn't tell by itself: which of its tasks are still at work, and what those that were cancelled had said. */
import { derivedId } from '../../platform/ids.js';
import { isNothing } from '../../platform/text.js';
import type { Message } from '../../sessions/message.js';
import { streamedAnswerId } from '../../tasks/answer-artifact.js';
import { endMark } from '../../tasks/end-mark.js';
import { isTerminal, type TaskState } from '../../tasks/task-state.js';
import { isAboutTools, tasksWithOpenCalls } from '../tools/tool-memory.js';
import type { History } from './history.js';

/** Knows what became of the tasks of a session. */
export interface TasksOfSession {
  /** How far they are, by their ids. */
  states(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly agent: string; readonly state: TaskState }>>;
  /** The text of one artifact, as far as it was said; the beginning of what is more than `bytes`. */
  saidIn(taskId: string, artifactId: string, bytes: number): Promise<string>;
}

/** Of one answer that was broken off. */
const MOST_BYTES = 16 * 1024;
/** Answers that were broken off, the newest. */
const MOST_ANSWERS = 5;

/** With what cancelled tasks of its messages had said, behind the last message of each. Throws what `tasks` throws. */
export async function withUnfinished(history: History, tasks: TasksOfSession): Promise<History> {
  const { messages } = history;
  const open = tasksWithOpenCalls(messages);
  const asked = [...new Set([...unanswered(messages), ...open])];
  if (asked.length === 0) return history;
  const states = await tasks.states(asked);
  const canceled = asked.filter((id) => states.get(id)?.state === 'CANCELED').slice(-MOST_ANSWERS);
  const said = new Map<string, Message>();
  for (const taskId of canceled) {
    const text = await tasks.saidIn(taskId, streamedAnswerId(taskId), MOST_BYTES);
    if (!isNothing(text)) said.set(taskId, brokenOff(taskId, text, states.get(taskId)?.agent ?? ''));
  }
  const last = new Map(messages.map((message) => [message.taskId, message]));
  const working = open.filter((id) => !isTerminal(states.get(id)?.state ?? 'FAILED'));
  return {
    ...history,
    messages: messages.flatMap((message) => {
      const { taskId = '' } = message;
      const answer = last.get(taskId) === message ? said.get(taskId) : undefined;
      return answer === undefined ? [message] : [message, answer];
    }),
    working: new Set(working),
  };
}

/** The tasks that were asked and of which nothing was heard but tools. */
function unanswered(messages: readonly Message[]): readonly string[] {
  const asked = new Set<string>();
  for (const message of messages) {
    const { taskId, role } = message;
    if (taskId === undefined) continue;
    if (role === 'ROLE_USER') asked.add(taskId);
    else if (!isAboutTools(message)) asked.delete(taskId);
  }
  return [...asked];
}

function brokenOff(taskId: string, text: string, agent: string): Message {
  const metadata = { agent, ...endMark('CANCELED') };
  return { messageId: derivedId(`${taskId}:broken off`), taskId, role: 'ROLE_AGENT', parts: [{ text }], metadata };
}
