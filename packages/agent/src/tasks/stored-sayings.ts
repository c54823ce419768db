/** What a task has said, as far as a run that goes on must know it to say nothing twice. */

/** Key of an event that the agent said: `say:<origin>:<hash>`; of a chunk `chunk:<origin>:<stream>:<number>:<hash>`. */
export const sayingKey = (origin: number, hash: string): string => `say:${origin}:${hash}`;

export const chunkKey = (origin: number, stream: string, number: number, hash: string): string =>
  `chunk:${origin}:${stream}:${number}:${hash}`;

/** How far a stream of chunks had got. */
export interface StoredStream {
  readonly chunks: number;
  /** Of all its chunks together. */
  readonly hash: string;
}

export interface StoredSayings {
  /** How often each has been said, by its hash. */
  readonly said: ReadonlyMap<string, number>;
  readonly streams: ReadonlyMap<string, StoredStream>;
}

export const NOTHING_SAID: StoredSayings = { said: new Map(), streams: new Map() };
