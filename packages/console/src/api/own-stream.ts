/** An event stream of this tab alone, where a browser has no locks: given up while nobody looks at the tab. */
import type { FeedHandlers } from './shared-stream.js';
import { follow } from './stream.js';

/** A browser has six connections to a host, for all of its tabs. */
const HIDDEN_MS = 60_000;
/** So many tabs that were shown since this one was hidden, and it makes room at once. */
const MOST_NEWER = 3;

/** Answers with how to stop. */
export function followAlone(url: string, { onEvents, onConnection, onGap }: FeedHandlers): () => void {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`continuo ${url}`);
  let position = '';
  let stop: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newer = 0;
  const open = (): void => {
    let gap = position === '';
    stop ??= follow({
      url,
      after: position,
      onReset: () => (gap = true),
      onConnection: (connection) => (connection === 'open' ? undefined : onConnection(connection)),
      onEvent: (event) => {
        position = event.id;
        if (event.event !== 'open') return onEvents([event]);
        if (gap) onGap();
        gap = false;
        onConnection('open');
      },
    });
    channel?.postMessage('shown');
  };
  const close = (): void => {
    stop?.();
    stop = undefined;
    onConnection('connecting');
  };
  const look = (): void => {
    clearTimeout(timer);
    newer = 0;
    if (document.hidden) timer = setTimeout(close, HIDDEN_MS);
    else open();
  };
  channel?.addEventListener('message', () => {
    newer += 1;
    if (document.hidden && newer >= MOST_NEWER) close();
  });
  document.addEventListener('visibilitychange', look);
  open();
  return () => {
    document.removeEventListener('visibilitychange', look);
    clearTimeout(timer);
    stop?.();
    channel?.close();
  };
}
