/** What an agent returned: how it becomes an artifact of the task, a message of the session, or neither. */
import { partSchema, type Part } from '../sessions/message.js';
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
import { goesOn } from '../tasks/fold.js';
import { checkData, toParts } from './content.js';
import type { Published } from './published.js';
import type { Say } from './task-context.js';

/** What is said with the last state of a task whose artifacts are its output. See `remark`. */
export class Remark {
  constructor(
    readonly parts: readonly Part[],
    /** What the session keeps as the answer: nothing where others have given that already. */
    readonly session: readonly Part[] = parts,
  ) {}
}

/**
 * What an agent returns whose artifacts are its output, and that has a word to say about them: it goes with the last state
 * and into the session, and is no artifact. Throws TerminalError for what are no parts.
 *
 * @example
 * await task.artifact({ name: 'report.md', parts: report });
 * return remark('The report is ready.');
 */
export function remark(words: Say): Remark {
  return new Remark(toParts(words));
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

/** `read` finds out what was published, where that matters. Throws TerminalError for what is neither text nor parts nor nothing. */
export async function endingOf(returned: unknown, read: () => Published | Promise<Published>): Promise<Ending> {
  if (returned instanceof Remark) {
    return { artifact: [], session: returned.session, word: returned.parts };
  }
  if (returned === undefined || returned === null) {
    const { isEmpty, said } = await read();
    if (isEmpty) return { artifact: [], session: DONE, word: DONE };
    return { artifact: [], session: said.length > 0 ? said : DONE, word: [] };
  }
  const answer = answerSchema.safeParse(returned);
  if (!answer.success) {
    throw new TerminalError(
      `\`execute\` returned ${described(returned)}. Return text, a list of at least one part, or nothing; data goes into a part: [{ data }].`,
    );
  }
  const parts = typeof answer.data === 'string' ? [{ text: answer.data }] : checkData(answer.data);
  const published = await read();
  return { artifact: published.holds(parts) ? [] : inLines(parts), session: parts, word: [] };
}

function described(returned: unknown): string {
  if (Array.isArray(returned)) {
    const wrong = returned.findIndex((part) => !partSchema.safeParse(part).success);
    return wrong < 0 ? 'an empty list' : `a list whose item ${wrong} is no part`;
  }
  if (typeof returned !== 'object' || returned === null) return `a ${typeof returned}`;
  if (Symbol.asyncIterator in returned || (Symbol.iterator in returned && 'next' in returned)) {
    return 'a generator, which nobody reads: write what it gives to `task.stream()`';
  }
  const made: unknown = returned.constructor;
  return typeof made !== 'function' || made === Object ? 'an object' : `an object of the class ${made.name}`;
}

/** Texts that an artifact would hold as one come in lines, as `textOf` gives those of a message. */
function inLines(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.text !== undefined && goesOn(last, part))
      joined[joined.length - 1] = { ...last, text: `${last.text}\n${part.text}` };
    else joined.push(part);
  }
  return joined;
}
