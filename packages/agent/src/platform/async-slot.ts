/** What belongs to the code under way, whatever it waits for: one storage for all, as each costs every promise of the process. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose code it is, where in its flow it is, the transaction that it has open, and where in a trace it is. */
type Name = 'run' | 'flow' | 'transaction' | 'trace';
type Slots = { readonly [name in Name]: unknown };

const none: Slots = { run: undefined, flow: undefined, transaction: undefined, trace: undefined };
const storage = new AsyncLocalStorage<Slots>();

/** One of the slots, as an AsyncLocalStorage of its own would be. */
export class AsyncSlot<Value> {
  constructor(private readonly name: Name) {}

  get(): Value | undefined {
    return storage.getStore()?.[this.name] as Value | undefined;
  }

  /** Does `work` with `value`: so does all that comes of it. */
  run<Result>(value: Value, work: () => Result): Result {
    return storage.run(this.#with(value), work);
  }

  /** The same for what the caller does from now on. */
  enter(value: Value): void {
    storage.enterWith(this.#with(value));
  }

  #with(value: Value): Slots {
    const { run, flow, transaction, trace } = storage.getStore() ?? none;
    if (this.name === 'run') return { run: value, flow, transaction, trace };
    if (this.name === 'flow') return { run, flow: value, transaction, trace };
    return this.name === 'trace' ? { run, flow, transaction, trace: value } : { run, flow, transaction: value, trace };
  }
}
