/** Libraries that take a while to load and are seldom needed at once: loaded when they are first used, or after the start. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const left = new Set<() => unknown>();

/** Calls `load` once: at the first call of the function that is answered with, or in `loadTheRest`. */
export function loadedLater<Loaded extends object>(load: () => Loaded): () => Loaded {
  let loaded: Loaded | undefined;
  const get = (): Loaded => {
    left.delete(get);
    return (loaded ??= load());
  };
  left.add(get);
  return get;
}

/** Loads what nobody has used yet: when somebody does, its files may be gone or of another version. One thing a turn. */
export async function loadTheRest(): Promise<void> {
  for (const load of left) {
    try {
      load();
    } catch {
      // Whoever uses it is told.
    }
    await nextTurn();
  }
}
