/** What an agent returned, as the parts of its answer. */
import { partSchema, type Part } from '../sessions/message.js';
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';

/** An answer that others have said in the session already: it is the task's, and the session gets it no second time. */
export class SaidBefore {
  constructor(readonly parts: readonly Part[]) {}
}

/** Characters of artifacts that may be an answer as well. */
const MOST_ANSWER = 1024 ** 2;

/** The text that an agent has published in artifacts; of a long one nothing is kept. */
export class Published {
  readonly #texts: string[] = [];
  #characters = 0;

  add(parts: readonly Part[]): void {
    for (const { text = '' } of parts) {
      this.#characters += text.length;
      if (this.#characters <= MOST_ANSWER) this.#texts.push(text);
      else this.#texts.length = 0;
    }
  }

  /** Empty when there is none. */
  get text(): string {
    return this.#characters <= MOST_ANSWER ? this.#texts.join('') : 'Done. The text is in the artifacts.';
  }
}

const answerSchema = z.union([z.string(), z.array(partSchema).min(1)]);

/** The answer itself; or `published`, the text of its artifacts; or that it is done. Throws TerminalError for anything else. */
export function answerOf(returned: unknown, published: string): readonly Part[] {
  if (returned === undefined || returned === null) {
    return [{ text: published === '' ? 'Done.' : published }];
  }
  const answer = answerSchema.safeParse(returned instanceof SaidBefore ? returned.parts : returned);
  if (!answer.success) {
    throw new TerminalError('The agent returned neither text nor parts nor nothing; it may return only these.');
  }
  return typeof answer.data === 'string' ? [{ text: answer.data }] : answer.data;
}
