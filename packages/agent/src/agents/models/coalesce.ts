/** Joins small pieces of text into larger ones, so that not every token of a model becomes a row. */
import type { Clock } from '../../platform/clock.js';
import { splitHalf, wellFormed } from '../../platform/text.js';

export interface CoalesceOptions {
  /** Milliseconds that a piece is held back at the most. Default 30. */
  readonly maxDelayMs?: number;
  /** Characters after which what is held goes out. Default 200. */
  readonly maxCharacters?: number;
}

/** The same text in fewer pieces, none of which ends inside of a character. An error of the source comes at its place, after the text before it. */
export async function* coalesce(
  pieces: AsyncIterable<string>,
  clock: Pick<Clock, 'sleep'>,
  { maxDelayMs = 30, maxCharacters = 200 }: CoalesceOptions = {},
): AsyncGenerator<string, void, undefined> {
  const source = settled(pieces);
  let next = source.next();
  let held = '';
  let due: Promise<undefined> | undefined;
  for (;;) {
    const arrived = await (due === undefined ? next : Promise.race([next, due]));
    if (arrived?.done === true) break;
    if (arrived?.value.kind === 'error') {
      if (held !== '') yield wellFormed(held);
      throw arrived.value.error;
    }
    if (arrived !== undefined) {
      held += arrived.value.text;
      due ??= clock.sleep(maxDelayMs).then(() => undefined);
      next = source.next();
      if (held.length < maxCharacters) continue;
    }
    const [whole, half] = splitHalf(held);
    if (whole !== '') yield whole;
    held = half;
    due = undefined;
  }
  if (held !== '') yield wellFormed(held);
}

type Item = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'error'; readonly error: unknown };

/** An error as a last item: a piece that is asked for ahead may fail while nobody waits for it. */
async function* settled(pieces: AsyncIterable<string>): AsyncGenerator<Item, void, undefined> {
  try {
    for await (const text of pieces) yield { kind: 'text', text };
  } catch (error) {
    yield { kind: 'error', error };
  }
}
