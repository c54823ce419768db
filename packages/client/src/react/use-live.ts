/** What is followed, in a component: rendered again when it has changed. */
import { useMemo, useSyncExternalStore } from 'react';
import type { Live, LiveState } from './live.js';

/** What `live` shows; `initial`, which is the same object each time, while there is none. */
export function useLive<State>(live: Live<State> | undefined, initial: State): LiveState<State> {
  const none = useMemo(() => ({ state: initial, connection: undefined, error: undefined }), [initial]);
  const read = live?.read ?? (() => none);
  return useSyncExternalStore(live?.subscribe ?? nobody, read, read);
}

const nobody = (): (() => void) => () => undefined;
