/** An event that is too large to be read with others, for transports that send it as one. */
import { CONTENT_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { contentPath } from '../tasks/content-path.js';
import type { Frame } from './frame.js';

type Said = Frame['data'];

/** All of it; of what has more than `most` characters as JSON, where its content is. */
export async function eventWithin(data: Said, pieces: AsyncIterable<string>, most: number): Promise<Said> {
  const text = await textWithin(pieces, most);
  return text === undefined ? withoutContent(data) : (JSON.parse(text) as Said);
}

/** Undefined when there is more of it. */
async function textWithin(pieces: AsyncIterable<string>, most: number): Promise<string | undefined> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > most) return undefined;
  }
  return text;
}

/** The same as a task has it whose artifact is too large for an answer: the history and words of states are asked for with it. */
export function withoutContent(event: Said): Said {
  if ('task' in event) {
    const { history: _history, ...task } = event.task;
    return { task };
  }
  if ('statusUpdate' in event) {
    const { message: _message, ...status } = event.statusUpdate.status;
    return { statusUpdate: { ...event.statusUpdate, status } };
  }
  if (!('artifactUpdate' in event)) return event;
  const { taskId, artifact, ...update } = event.artifactUpdate;
  const content = { uri: contentPath(taskId, artifact.artifactId) };
  const metadata = { ...artifact.metadata, [CONTENT_EXTENSION]: content };
  return { artifactUpdate: { ...update, taskId, artifact: { ...artifact, parts: [], metadata } } };
}
