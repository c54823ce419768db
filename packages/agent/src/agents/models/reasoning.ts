/** What a model thought before it answered: kept beside the answer, for people, and never part of what it said. */
import { isNothing, startOf } from '../../platform/text.js';

/** In the metadata of an answer: `{ text, cut? }`. */
export const REASONING_EXTENSION = 'urn:continuo:a2a:reasoning:v1';

/** Characters that are kept of it. */
export const MOST_REASONING = 16_000;

/** The metadata that keep the reasoning; nothing when there was none. */
export function reasoningMetadata(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined || isNothing(text)) return {};
  const kept = startOf(text, MOST_REASONING);
  return { [REASONING_EXTENSION]: { text: kept, ...(kept.length < text.length ? { cut: true } : {}) } };
}
