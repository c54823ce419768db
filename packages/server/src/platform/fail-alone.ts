/** A bad item fails alone: a batch that fails is carried out in halves, until what failed stands by itself. */
import { isConnectionError, isTransient } from './database.js';

/** Carries out a batch; answers with one result (or an Error) per item, in order. */
export type RunBatch<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Error)[]>;

const IMMEDIATE_TRIES = 3;

/**
 * `run`, whose failures harm nobody but the item that caused them, whatever that is (a value that only PostgreSQL
 * refuses, a batch whose text is too long together). A deadlock is tried again at once. Throws when the connection is
 * lost, which all of the batch have in common, and when it took too much: see Batcher. An item may be carried out twice,
 * so `run` has to bear that.
 */
export function failAlone<Item, Result>(run: RunBatch<Item, Result>): RunBatch<Item, Result> {
  const attempt = async (items: readonly Item[], tries: number): Promise<readonly (Result | Error)[]> => {
    try {
      return await run(items);
    } catch (error) {
      if (isConnectionError(error)) throw error;
      if (isTransient(error) && tries > 1) return attempt(items, tries - 1);
      if (items.length <= 1) return [error instanceof Error ? error : new Error(String(error))];
      const half = Math.ceil(items.length / 2);
      // One after the other: the order stays, and a bad item takes no more connections than a good one.
      const first = await settle(items.slice(0, half));
      return [...first, ...(await settle(items.slice(half)))];
    }
  };
  /** A connection that is lost now is no reason to forget what the other half has come to. */
  const settle = async (items: readonly Item[]): Promise<readonly (Result | Error)[]> => {
    try {
      return await attempt(items, IMMEDIATE_TRIES);
    } catch (error) {
      return items.map(() => (error instanceof Error ? error : new Error(String(error))));
    }
  };
  return (items) => attempt(items, IMMEDIATE_TRIES);
}
