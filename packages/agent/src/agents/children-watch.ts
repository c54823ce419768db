/** Whether the children that are waited for have all been silent for a while: then their parent's run may end. */
import type { Clock } from '../platform/clock.js';
import type { Wait } from './run-waits.js';

/** A run that ends for every pause of its children costs more than one that waits. */
const SILENT_MS = 5_000;

interface Watched {
  readonly taskId: string;
  readonly since: number;
}

export class ChildrenWatch implements Wait {
  readonly at = Infinity;
  readonly #watched: (Watched | 'ended' | undefined)[];

  constructor(
    calls: number,
    private readonly clock: Clock,
  ) {
    this.#watched = Array.from({ length: calls }, () => undefined);
  }

  /** Child number `index` was heard, and its next word is waited for. */
  watched(index: number, taskId: string): void {
    this.#watched[index] = { taskId, since: this.clock.now().getTime() };
  }

  heard(index: number): void {
    this.#watched[index] = undefined;
  }

  ended(index: number): void {
    this.#watched[index] = 'ended';
  }

  isIdle(): boolean {
    const long = this.clock.now().getTime() - SILENT_MS;
    return this.#watched.every((child) => child === 'ended' || (child !== undefined && child.since <= long));
  }

  children(): readonly string[] {
    return this.#watched.flatMap((child) => (child === undefined || child === 'ended' ? [] : [child.taskId]));
  }
}
