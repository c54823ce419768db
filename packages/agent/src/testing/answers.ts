/** What people answer in a test: in order, by the question, or as a function decides. */
import type { Part } from '../sessions/message.js';
import { isParts, partsOf, type Said } from './said.js';

/** What an agent asks. */
export interface Question {
  /** Its words. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** JSON Schema of the answer, where one is asked for. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** Whether it is `requestAuth` that asks. */
  readonly forAuth: boolean;
}

/**
 * The answers in order; or by the words of the question, where a value may be a list for one that is asked again (a list of
 * parts is one answer); or a function that is given the question. Undefined: nobody answers.
 */
export type Answers =
  | readonly Said[]
  | Readonly<Record<string, Said | readonly Said[]>>
  | ((question: Question) => Said | undefined);

/** Gives out each answer once. */
export class GivenAnswers {
  #inOrder = 0;
  readonly #byText = new Map<string, number>();

  constructor(private readonly answers: Answers | undefined) {}

  /** Undefined when nobody answers. */
  to(question: Question): readonly Part[] | undefined {
    const said = this.#said(question);
    return said === undefined ? undefined : partsOf(said);
  }

  #said(question: Question): unknown {
    const { answers } = this;
    if (answers === undefined) return undefined;
    if (typeof answers === 'function') return answers(question);
    if (isList(answers)) {
      this.#inOrder += 1;
      return answers[this.#inOrder - 1];
    }
    if (!Object.hasOwn(answers, question.text)) return undefined;
    const own = answers[question.text];
    const times = this.#byText.get(question.text) ?? 0;
    this.#byText.set(question.text, times + 1);
    return Array.isArray(own) && !isParts(own) ? (own as readonly unknown[])[times] : own;
  }
}

function isList(answers: Exclude<Answers, (question: Question) => unknown>): answers is readonly Said[] {
  return Array.isArray(answers);
}
