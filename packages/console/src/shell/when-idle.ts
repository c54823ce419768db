/** What the first page doesn't need is fetched when that is there and the browser has nothing else to do. */

/** The page's own code and data come before: so long nothing has arrived. */
const QUIET_MS = 2_000;

/** Calls `work` then; the answer takes it back. */
export function whenIdle(work: () => void): () => void {
  let stop = (): void => undefined;
  const quiet = (): void => {
    arrivals.disconnect();
    // Safari has no such callback.
    if (typeof requestIdleCallback === 'undefined') return work();
    const handle = requestIdleCallback(work);
    stop = () => cancelIdleCallback(handle);
  };
  const wait = (): void => {
    stop();
    const timer = setTimeout(quiet, QUIET_MS);
    stop = () => clearTimeout(timer);
  };
  const arrivals = new PerformanceObserver(wait);
  arrivals.observe({ type: 'resource' });
  wait();
  return () => {
    arrivals.disconnect();
    stop();
  };
}
