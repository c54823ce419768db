/** The texts of what agents say. */
import type { Artifact, Message, Part, Task } from './schema.generated.js';

/** What servers call the artifact of what an agent returned. */
const ANSWER = 'answer';

/** The text of a message, an artifact or their parts, one part after the other. */
export function textOf(said: Pick<Message | Artifact, 'parts'> | readonly Part[] | undefined): string {
  const parts = said === undefined ? [] : 'parts' in said ? said.parts : said;
  return parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n');
}

/**
 * What a task has answered as text: that of its artifacts called `answer`; without one, that of all its artifacts; else what
 * its status says.
 */
export function answerOf({ artifacts = [], status }: Pick<Task, 'artifacts' | 'status'>): string {
  const answers = artifacts.filter(({ name }) => name === ANSWER);
  const parts = (answers.length > 0 ? answers : artifacts).flatMap((artifact) => artifact.parts);
  return textOf(parts) || textOf(status.message);
}
