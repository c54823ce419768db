/** The files that a model has refused in a session: it is not sent them again, by whichever instance. */
import { isObject } from '../../platform/json-object.js';
import type { SessionStore } from '../../sessions/session-store.js';

/** In the session's state, a name that people can't set: `{ [model]: digests }`. */
const NAME = 'urn:continuo:a2a:refused-files:v1';
/** For each model; the oldest are forgotten, and refused once more. */
const MOST_FILES = 200;

export class RefusedFiles {
  /** `key`: the session's, undefined where there is none. `model`: its name. */
  constructor(
    private readonly sessions: Pick<SessionStore, 'getState' | 'setState'> | undefined,
    private readonly key: string | undefined,
    private readonly model: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** By digest. A state that can't be read has none. */
  async known(): Promise<ReadonlySet<string>> {
    try {
      return new Set((await this.#all())[this.model]);
    } catch (error) {
      this.failed(error);
      return new Set();
    }
  }

  async remember(digests: readonly string[]): Promise<void> {
    const { sessions, key, model } = this;
    if (sessions === undefined || key === undefined) return;
    try {
      const all = await this.#all();
      const refused = [...new Set([...(all[model] ?? []), ...digests])].slice(-MOST_FILES);
      await sessions.setState(key, NAME, { ...all, [model]: refused });
    } catch (error) {
      this.failed(error);
    }
  }

  async #all(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { sessions, key } = this;
    const state = sessions === undefined || key === undefined ? undefined : await sessions.getState(key, NAME);
    if (!isObject(state)) return {};
    const lists = Object.entries(state).map(([model, digests]) => [
      model,
      Array.isArray(digests) ? digests.map(String) : [],
    ]);
    return Object.fromEntries(lists) as Readonly<Record<string, readonly string[]>>;
  }
}
