/** What a random agent is given, and what it asks and answers: known to whoever performs, plays along and judges. */
import type { Ask, Node, Step } from './program.js';

export const AGENT = 'random/agent';
export const REFUSED = 'no';

/** What a task is given to do. */
export interface Given {
  readonly trial: string;
  /** Of its nodes: those of a child begin with that of its call. */
  readonly path: string;
  readonly body: readonly Node[];
  readonly fails: boolean;
}

/** What an agent says at the end. */
export const answerAt = (path: string): string => `did ${path}`;

/** How often the work of the step is tried. */
export function attemptsOf({ ends }: Step): number {
  return ends === 'late' || ends === 'exhausted' ? 2 : 1;
}

/** What is asked: words that are the node's own where the agent refuses answers, so that whoever answers can count. */
export function questionAt({ text, named, refuses }: Ask, path: string): string {
  return refuses === 0 ? `${text}${named ? ' by name' : ''}?` : `${text} refuse ${refuses} at ${path}?`;
}

/** How many answers are refused before the question is done with. */
export function refusalsOf(question: string): number {
  return Number(/ refuse (\d+) at /.exec(question)?.[1] ?? 0);
}
