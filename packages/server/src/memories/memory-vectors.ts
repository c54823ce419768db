/** Memories as vectors, where an embedding model is configured and PostgreSQL has pgvector; without either, words alone. */
import type { MemoryScope } from '@continuo/agent/internal/memories/memory.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { startOf } from '@continuo/agent/internal/platform/text.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import { isTransient, type Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import { SetAside } from './set-aside.js';
import { hasVectors, searchVectors, type Near } from './search-vectors.js';
import { dropOtherVectors, readUnembedded, storeVectors, type Unembedded } from './vector-rows.js';

/** Texts as vectors. */
export interface Embedder {
  /** `provider/model id`. */
  readonly model: string;
  readonly embed: (
    texts: readonly string[],
    signal?: AbortSignal,
  ) => Promise<{ readonly vectors: readonly (readonly number[])[] }>;
}

const LOOK_MS = 1_000;
/** After pgvector could not be set up. */
const LOOK_AGAIN_MS = 10_000;
/** A turn waits no longer for the vector of its message. */
const PATIENCE_MS = 2_000;
/** Of a message: what it is about is at its beginning. */
const MOST_CHARACTERS = 2_000;

export interface MemoryVectorsParts {
  readonly database: Pick<Database, 'query'>;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly log: Log;
}

export class MemoryVectors {
  readonly #loop: BackgroundLoop;
  /** Whether PostgreSQL has pgvector: looked at once, as far as that was found out. */
  #there: Promise<boolean> | undefined;
  /** Milliseconds since 1970. */
  #lookAgainAt = Infinity;
  /** Whether vectors of other models may be left. */
  #others = true;
  /** Memories of whose texts no vector could be made. */
  readonly #aside: SetAside;

  constructor(private readonly parts: MemoryVectorsParts) {
    this.#aside = new SetAside(parts.clock);
    const failed = (error: unknown): void =>
      parts.log.warn({ err: messageOf(error) }, 'memories got no vectors, will try again');
    this.#loop = new BackgroundLoop(() => this.fill(), LOOK_MS, failed, parts.clock);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Gives memories their vectors that have none. */
  async fill(): Promise<void> {
    if (!(await this.#isThere())) return;
    const { database, embedder } = this.parts;
    while (this.#others && !this.#loop.stopped) this.#others = await dropOtherVectors(database, embedder.model);
    while (!this.#loop.stopped && !this.#aside.isFull) {
      const rows = await readUnembedded(database, this.#aside.ids());
      if (rows.length === 0) return;
      await this.#embed(rows);
    }
  }

  /** The nearest to `text`, the nearest first; none where vectors can't be had now: words are searched all the same. */
  async search(scope: MemoryScope, text: string, most: number): Promise<readonly Near[]> {
    const { database, embedder, log } = this.parts;
    try {
      if (!(await this.#isThere())) return [];
      const { vectors } = await embedder.embed([startOf(text, MOST_CHARACTERS)], AbortSignal.timeout(PATIENCE_MS));
      const [vector] = vectors;
      return vector === undefined ? [] : await searchVectors(database, scope, { model: embedder.model, vector }, most);
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'memories were searched by words alone');
      return [];
    }
  }

  /** A text that no vector is made of costs its own alone. Throws when the model, or the database, is away. */
  async #embed(rows: readonly Unembedded[]): Promise<void> {
    const { database, embedder, log } = this.parts;
    try {
      const { vectors } = await embedder.embed(rows.map(({ text }) => text));
      const stored = rows.map((row, index) => ({ ...row, vector: vectors[index] ?? [] }));
      await storeVectors(database, embedder.model, stored);
    } catch (error) {
      if (isTransient(error)) throw error;
      const [row] = rows;
      if (rows.length > 1) for (const one of rows) await this.#embed([one]);
      // A refused key is refused for all, and a model that is away makes none of any: nothing says that it is the text.
      else if (row === undefined || !(await this.#works())) throw error;
      else if (error instanceof TerminalError) await storeVectors(database, embedder.model, [{ ...row, vector: [] }]);
      else {
        this.#aside.add(row.id);
        log.warn({ err: messageOf(error), memory: row.id }, 'a memory got no vector, will try again later');
      }
    }
  }

  async #works(): Promise<boolean> {
    return this.parts.embedder.embed(['A text.']).then(
      () => true,
      () => false,
    );
  }

  #isThere(): Promise<boolean> {
    if (this.#there === undefined || this.parts.clock.now().getTime() >= this.#lookAgainAt) this.#there = this.#look();
    return this.#there;
  }

  /** That it could not be found out, or not be set up just now, is no answer: that is asked again. */
  async #look(): Promise<boolean> {
    const { database, log, clock } = this.parts;
    this.#lookAgainAt = Infinity;
    try {
      if (await hasVectors(database)) return true;
    } catch (error) {
      this.#lookAgainAt = clock.now().getTime() + LOOK_AGAIN_MS;
      log.warn({ err: messageOf(error) }, 'pgvector could not be set up, will try again');
      return false;
    }
    log.warn('an embedding model is configured, but PostgreSQL has no pgvector: memories are searched by words alone');
    return false;
  }
}
