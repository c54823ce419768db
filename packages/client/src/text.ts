/** The texts of what agents say. */
import type { Artifact, Message, Part, Task } from './schema.generated.js';

/** What servers call the artifact of what an agent returned. */
const ANSWER = 'answer';

/** The text of a message, an artifact or their parts, one part after the other. */
export function textOf(said: Pick<Message | Artifact, 'parts'> | readonly Part[] | undefined): string {
  const parts = said === undefined ? [] : 'parts' in said ? said.parts : said;
  return parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n');
}

/** What a task has answered as text: the artifact that its agent returned, or the only one; else what its status says. */
export function answerOf({ artifacts = [], status }: Pick<Task, 'artifacts' | 'status'>): string {
  const answer = artifacts.find(({ name }) => name === ANSWER) ?? (artifacts.length === 1 ? artifacts[0] : undefined);
  return textOf(answer) || textOf(status.message);
}
