/** Waits for a condition instead of for a time. */
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

export interface UntilOptions {
  /** What is waited for, in words that finish "waited for …". */
  readonly what: string;
  /** Default 60 000: what takes a second on an idle machine may take a minute on a busy one. */
  readonly timeoutMs?: number;
}

/**
 * Asks `condition` every 20 ms, and resolves with its answer as soon as that is neither false, null nor undefined.
 * Rejects after `timeoutMs`, naming what was waited for and what the condition last threw. An error is "not yet".
 */
export async function until<Answer>(
  condition: () => Answer | Promise<Answer>,
  { what, timeoutMs = 60_000 }: UntilOptions,
): Promise<NonNullable<Exclude<Answer, false>>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    let thrown: unknown;
    try {
      const answer = await condition();
      if (isThere(answer)) return answer;
    } catch (error) {
      thrown = error;
    }
    if (performance.now() >= end) {
      throw new Error(`waited ${timeoutMs} ms for ${what}`, thrown === undefined ? undefined : { cause: thrown });
    }
    await delay(POLL_MS);
  }
}

function isThere<Answer>(answer: Answer): answer is NonNullable<Exclude<Answer, false>> {
  return answer !== false && answer !== null && answer !== undefined;
}
