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

/** What is kept of the task's log, of all its attempts. */
export interface KeptLog {
  readonly lines: number;
  readonly bytes: number;
  /** Lines that there was no room for. */
  readonly dropped: number;
}

export interface StoredSayings {
  /** How often each has been said, lines of the log included, by its hash. */
  readonly said: ReadonlyMap<string, number>;
  readonly streams: ReadonlyMap<string, StoredStream>;
  readonly log: KeptLog;
}

export const NOTHING_SAID: StoredSayings = {
  said: new Map(),
  streams: new Map(),
  log: { lines: 0, bytes: 0, dropped: 0 },
};
