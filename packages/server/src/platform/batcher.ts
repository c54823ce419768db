/** Group commit: what is asked for while a batch is on its way goes out together with the next one. */
import { tookTooMuch } from './database.js';
import { failAlone, type RunBatch } from './fail-alone.js';

const WAIT_MS = 4_000;
/** A process that was stopped, or busy with something else, finds its timers before the batch that is to begin. */
const LOOK_AGAIN_MS = 50;
const MOST_WAITING = 20_000;
/** A batch that takes longer holds nobody up: the next one begins beside it. */
const SLOW_MS = 20;
/** One that takes longer may wait for somebody's lock: it keeps no place from the others, nor does another one. */
const STUCK_MS = 1_000;
const MOST_STUCK = 2;
/** Batches that took too much and are carried out item by item at the same time, each on a connection. */
const MOST_APART = 2;
/** Of a batch in which so many items take too much, each by itself, the rest is given up: it is not for the items. */
const MOST_SLOW = 2;

/** Nothing was done with the item. Code ETIMEDOUT: it may be tried again. */
class NotCarriedOut extends Error {
  readonly code = 'ETIMEDOUT';
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  /** When it began to wait, by performance.now(). */
  readonly since: number;
}

export interface BatcherOptions<Item, Result> {
  /**
   * When it throws for any reason but a lost connection, it is called again with fewer: a bad item fails alone. What takes
   * too long is called again item by item, beside the batches that follow.
   */
  readonly run: RunBatch<Item, Result>;
  /** Items of one key are never under way twice at once, so their order is kept. Default: no order. */
  readonly keyOf?: (item: Item) => string;
  /** Items in one batch at the most. Default 200. */
  readonly maxItems?: number;
  /** Batches under way at the most, beside some that are stuck. Default 2. */
  readonly maxInFlight?: number;
  /** How long an item may wait for its batch to begin; milliseconds, default 4000. Then nothing was done with it. */
  readonly waitMs?: number;
  /** Items that may wait at the same time; one more is refused at once. Default 20 000. */
  readonly maxWaiting?: number;
  /** Called when a batch of so many items is over, after so many seconds. */
  readonly onBatch?: (items: number, seconds: number) => void;
}

export class Batcher<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  #stuck = 0;
  #apart = 0;
  readonly #busy = new Set<string>();
  #scheduled = false;
  /** Set while a batch is under way that may yet end before the next one begins. */
  #hurry: NodeJS.Timeout | undefined;
  #overdue: NodeJS.Timeout | undefined;
  readonly #run: RunBatch<Item, Result>;

  constructor(private readonly options: BatcherOptions<Item, Result>) {
    this.#run = failAlone(options.run);
  }

  /** Throws an error with the code ETIMEDOUT, having done nothing, when the item has waited too long or too many wait. */
  submit(item: Item): Promise<Result> {
    const { maxWaiting = MOST_WAITING } = this.options;
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(new NotCarriedOut(`more than ${maxWaiting} items wait to be stored`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject, since: performance.now() });
      if (this.#overdue === undefined) this.#refuseOverdue(this.#waitMs);
      this.#schedule();
    });
  }

  get #waitMs(): number {
    return this.options.waitMs ?? WAIT_MS;
  }

  /** In `ms`, and again as long as anything waits. */
  #refuseOverdue(ms: number): void {
    this.#overdue = setTimeout(() => {
      if (this.#scheduled) {
        this.#refuseOverdue(LOOK_AGAIN_MS);
        return;
      }
      const before = performance.now() - this.#waitMs;
      const overdue = this.#waiting.filter(({ since }) => since <= before);
      this.#waiting = this.#waiting.filter(({ since }) => since > before);
      const [next] = this.#waiting;
      this.#overdue = undefined;
      if (next !== undefined) this.#refuseOverdue(next.since - before + 1);
      for (const { reject } of overdue) reject(new NotCarriedOut("it was not the item's turn in time"));
    }, ms).unref();
  }

  /**
   * One turn of the event loop later, so that everything that became ready in this one goes together. Behind a batch that is
   * under way it waits a moment: fewer and larger batches cost less.
   */
  #schedule(isSlow = false): void {
    if (this.#scheduled || this.#inFlight - this.#stuck >= (this.options.maxInFlight ?? 2)) return;
    if (this.#inFlight > this.#stuck && !isSlow) {
      this.#hurry ??= setTimeout(() => {
        this.#hurry = undefined;
        if (this.#waiting.length > 0) this.#schedule(true);
      }, SLOW_MS);
      return;
    }
    clearTimeout(this.#hurry);
    this.#hurry = undefined;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const batch = this.#take();
      if (batch.length > 0) void this.#carryOut(batch);
    });
  }

  #take(): Waiting<Item, Result>[] {
    const { keyOf, maxItems = 200 } = this.options;
    const taken: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    for (const waiting of this.#waiting) {
      const key = keyOf?.(waiting.item);
      const free = key === undefined || (!this.#busy.has(key) && !keys.has(key));
      if (free && taken.length < maxItems) {
        taken.push(waiting);
        if (key !== undefined) keys.add(key);
      } else {
        left.push(waiting);
      }
    }
    this.#waiting = left;
    for (const key of keys) this.#busy.add(key);
    return taken;
  }

  async #carryOut(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.#inFlight += 1;
    if (this.#waiting.length > 0) this.#schedule();
    const begun = performance.now();
    const unstick = this.#watch();
    try {
      const results = await this.#run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => this.#settle(waiting, results[index]));
    } catch (error) {
      if (batch.length > 1 && tookTooMuch(error) && this.#apart < MOST_APART) void this.#carryOutApart(batch);
      else for (const waiting of batch) this.#fail(waiting, error);
    } finally {
      this.options.onBatch?.(batch.length, (performance.now() - begun) / 1_000);
      this.#inFlight -= 1;
      unstick();
      if (this.#waiting.length > 0) this.#schedule();
    }
  }

  /** Of a batch that begins; what it returns is to be called when that is over. */
  #watch(): () => void {
    let isStuck = false;
    const timer = setTimeout(() => {
      if (this.#stuck === MOST_STUCK) return;
      this.#stuck += 1;
      isStuck = true;
      if (this.#waiting.length > 0) this.#schedule(true);
    }, STUCK_MS).unref();
    return () => {
      clearTimeout(timer);
      if (isStuck) this.#stuck -= 1;
    };
  }

  /** One item may wait for somebody's lock for as long as it may: the others need not. */
  async #carryOutApart(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.#apart += 1;
    let slow = 0;
    for (const [index, waiting] of batch.entries()) {
      try {
        const [result] = await this.#run([waiting.item]);
        this.#settle(waiting, result);
      } catch (error) {
        this.#fail(waiting, error);
        slow += 1;
        if (!tookTooMuch(error) || slow === MOST_SLOW) {
          for (const other of batch.slice(index + 1)) this.#fail(other, error);
          break;
        }
      }
      if (this.#waiting.length > 0) this.#schedule();
    }
    this.#apart -= 1;
    if (this.#waiting.length > 0) this.#schedule();
  }

  #settle(waiting: Waiting<Item, Result>, result: Result | Error | undefined): void {
    if (result instanceof Error) return this.#fail(waiting, result);
    this.#free(waiting);
    waiting.resolve(result as Result);
  }

  #fail(waiting: Waiting<Item, Result>, error: unknown): void {
    this.#free(waiting);
    waiting.reject(error);
  }

  /** The next one of its key may go. */
  #free({ item }: Waiting<Item, Result>): void {
    const key = this.options.keyOf?.(item);
    if (key !== undefined) this.#busy.delete(key);
  }
}
