/** By what updates of session state are known that are done and not recorded yet: a run that goes on does none of them twice. */
import { derivedId } from '../platform/ids.js';
import type { SessionStore } from '../sessions/session-store.js';

export class StateMarks {
  /** By the key of the step in which they were used. */
  readonly #used = new Map<string, string[]>();

  constructor(
    private readonly session: string | null,
    private readonly sessions: Pick<SessionStore, 'forgetUpdates'> | undefined,
  ) {}

  /** The mark of an update, by its step and its `name` there. */
  use(step: string, name: string): string {
    const mark = derivedId(`${step}:${name}`);
    const marks = this.#used.get(step);
    if (marks === undefined) this.#used.set(step, [mark]);
    else marks.push(mark);
    return mark;
  }

  /** A step is recorded: unless it failed, and may be retried, it is not carried out again. */
  recorded({ key, failed }: { readonly key: string; readonly failed: boolean }): void {
    const marks = this.#used.get(key);
    if (marks === undefined || failed || this.session === null) return;
    this.#used.delete(key);
    // One that stays costs its place for a while.
    this.sessions?.forgetUpdates(this.session, marks).catch(() => undefined);
  }
}
