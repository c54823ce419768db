/** One stream of the events of many tasks: read from a position, then followed, on any instance. */
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database.js';
import { messageOf } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
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
  ) {}

  /** Every event behind `after`, once and in order, until `signal` is aborted or the server stops. */
  async *follow(scope: FeedScope, after: FeedPosition, signal: AbortSignal): AsyncGenerator<FeedEvent, void> {
    const leave = this.database.shares.enter();
    try {
      yield* this.#follow(scope, after, signal);
    } finally {
      leave();
    }
  }

  async *#follow(scope: FeedScope, after: FeedPosition, signal: AbortSignal): AsyncGenerator<FeedEvent, void> {
    let position = after;
    while (!signal.aborted && !this.subscriptions.stopped) {
      const touched = this.subscriptions.touched();
      let events = await this.#read(scope, position);
      if (events.length === 0 && (await touched)) events = await this.#soon(scope, position, signal);
      for (const event of events) {
        yield event;
        position = event.position;
        if (signal.aborted) return;
      }
    }
  }

  async #soon(scope: FeedScope, position: FeedPosition, signal: AbortSignal): Promise<readonly FeedEvent[]> {
    for (let tries = 0; tries < SOON_TRIES && !signal.aborted; tries += 1) {
      const events = await this.#read(scope, position);
      if (events.length > 0) return events;
      await this.clock.sleep(SOON_MS, signal).catch(() => undefined);
    }
    return [];
  }

  async #read(scope: FeedScope, position: FeedPosition): Promise<readonly FeedEvent[]> {
    try {
      return await readFeed(this.database, scope, position);
    } catch (error) {
      this.log.debug({ err: messageOf(error) }, 'reading events failed, will try again');
      return [];
    }
  }
}
