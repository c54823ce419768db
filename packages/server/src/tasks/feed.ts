/** One stream of the events of many tasks: read from a position, then followed, on any instance. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { FeedWait, Touch } from './feed-waits.js';
import type { LogMetrics } from './log-metrics.js';
import { readFeed, type FeedEvent, type FeedPosition, type FeedScope } from './read-feed.js';
import type { Subscriptions } from './subscriptions.js';

/** What was committed while an older transaction was under way becomes readable when that has ended: soon. */
const SOON_MS = 50;
const SOON_TRIES = 10;

export class Feed {
  constructor(
    private readonly database: Database,
    private readonly subscriptions: Subscriptions,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics?: LogMetrics,
  ) {}

  /** Every event behind `after`, once and in order, until `signal` is aborted or the server stops. */
  async *follow(scope: FeedScope, after: FeedPosition, signal: AbortSignal): AsyncGenerator<FeedEvent, void> {
    const leave = this.database.shares.enter();
    const { tenant, owner } = scope.caller;
    const { wait, leave: stopWaiting } = this.subscriptions.feeds.enter({ tenant, owner, sessionId: scope.sessionId });
    const onAbort = (): void => wait.wake();
    signal.addEventListener('abort', onAbort);
    const over = (): boolean => signal.aborted || this.subscriptions.stopped;
    let position = after;
    let told: Touch | undefined = 'look';
    try {
      while (!over()) {
        let events = await this.#read(scope, position, wait);
        if (events.length === 0 && told === 'committed') events = await this.#soon(scope, position, wait, signal);
        for (const event of events) {
          yield event;
          position = event.position;
          if (signal.aborted) return;
        }
        // A page may not be all that there is.
        if (events.length > 0) told = undefined;
        else if (!over()) told = await wait.touched();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      stopWaiting();
      leave();
    }
  }

  async #soon(
    scope: FeedScope,
    position: FeedPosition,
    wait: FeedWait,
    signal: AbortSignal,
  ): Promise<readonly FeedEvent[]> {
    for (let tries = 0; tries < SOON_TRIES && !signal.aborted; tries += 1) {
      await this.clock.sleep(SOON_MS, signal).catch(() => undefined);
      const events = await this.#read(scope, position, wait);
      if (events.length > 0) return events;
    }
    // It waits for a transaction that is older; when that ends, nobody tells.
    wait.again();
    return [];
  }

  async #read(scope: FeedScope, position: FeedPosition, wait: FeedWait): Promise<readonly FeedEvent[]> {
    try {
      const events = await readFeed(this.database, scope, position);
      this.metrics?.fed(events.length);
      return events;
    } catch (error) {
      this.log.debug({ err: messageOf(error) }, 'reading events failed, will try again');
      wait.again();
      return [];
    }
  }
}
