/** What an agent returned: how it becomes an artifact of the task, a message of the session, or neither. */
import { partSchema, type Part } from '../sessions/message.js';
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
import { goesOn } from '../tasks/fold.js';
import type { Published } from './published.js';

/** Others have given the answer already, in the session and in the task's artifacts; `parts` is what is left to say. */
export class SaidBefore {
  constructor(readonly parts: readonly Part[] = []) {}
}

/** How a task that is completed ends. */
export interface Ending {
  /** What is to be an artifact: what the agent returned, unless it has published the same. */
  readonly artifact: readonly Part[];
  /** What the session keeps as the answer. */
  readonly session: readonly Part[];
  /** What is said with the last state; never what the agent made. */
  readonly word: readonly Part[];
}

const DONE: readonly Part[] = [{ text: 'Done.' }];

const answerSchema = z.union([z.string(), z.array(partSchema).min(1)]);

/** Throws TerminalError for what is neither text nor parts nor nothing. */
export function endingOf(returned: unknown, published: Published): Ending {
  if (returned instanceof SaidBefore) return { artifact: [], session: [], word: returned.parts };
  if (returned === undefined || returned === null) {
    if (published.isEmpty) return { artifact: [], session: DONE, word: DONE };
    const said = published.said;
    return { artifact: [], session: said.length > 0 ? said : DONE, word: [] };
  }
  const answer = answerSchema.safeParse(returned);
  if (!answer.success) {
    throw new TerminalError('The agent returned neither text nor parts nor nothing; it may return only these.');
  }
  const parts = typeof answer.data === 'string' ? [{ text: answer.data }] : answer.data;
  return { artifact: published.holds(parts) ? [] : inLines(parts), session: parts, word: [] };
}

/** Texts that an artifact would hold as one come in lines, as `textOf` gives those of a message. */
function inLines(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.text !== undefined && goesOn(last, part)) joined[joined.length - 1] = { ...last, text: `${last.text}\n${part.text}` };
    else joined.push(part);
  }
  return joined;
}
