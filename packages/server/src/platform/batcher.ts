/** Group commit: what is asked for while a batch is on its way goes out together with the next one. */
import { failAlone, type RunBatch } from './fail-alone.js';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions<Item, Result> {
  /** When it throws for any reason but a lost connection, it is called again with fewer: a bad item fails alone. */
  readonly run: RunBatch<Item, Result>;
  /** Items of one key are never under way twice at once, so their order is kept. Default: no order. */
  readonly keyOf?: (item: Item) => string;
  /** Items in one batch at the most. Default 200. */
  readonly maxItems?: number;
  /** Batches under way at the most. Default 2. */
  readonly maxInFlight?: number;
}

export class Batcher<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  readonly #busy = new Set<string>();
  #scheduled = false;
  readonly #run: RunBatch<Item, Result>;

  constructor(private readonly options: BatcherOptions<Item, Result>) {
    this.#run = failAlone(options.run);
  }

  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** One turn of the event loop later, so that everything that became ready in this one goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= (this.options.maxInFlight ?? 2)) return;
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
    try {
      const results = await this.#run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => {
        const result = results[index];
        if (result instanceof Error) waiting.reject(result);
        else waiting.resolve(result as Result);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    } finally {
      this.#inFlight -= 1;
      for (const waiting of batch) {
        const key = this.options.keyOf?.(waiting.item);
        if (key !== undefined) this.#busy.delete(key);
      }
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
