/** Follows something until the loop over it is left, or the signal of who loops is aborted. */

/** Not AbortSignal.any: with a signal that lives as long as the program, Node 20 keeps something of each. */
export async function* untilLeft<Item>(
  given: AbortSignal | undefined,
  follow: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  const left = new AbortController();
  const leave = (): void => left.abort(given?.reason);
  given?.addEventListener('abort', leave);
  if (given?.aborted === true) leave();
  try {
    yield* follow(left.signal);
  } finally {
    given?.removeEventListener('abort', leave);
    left.abort();
  }
}
