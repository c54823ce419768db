/** Reads a text that is too large for memory out of the database, slice by slice. */
import { StringDecoder } from 'node:string_decoder';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { Turns } from '@continuo/agent/internal/platform/turns.js';
import { orUnavailable, type Reader } from './database.js';

const LEAST_BYTES = 256 * 1024;
/** A slice is larger than a page: each costs a look at the whole. */
const SHARES = 2;
/** PostgreSQL puts the whole text together for each slice: for a few at a time. */
const AT_ONCE = 2;
const turns = new Turns(AT_ONCE);

export interface LargeText {
  /** An SQL expression of type text over the columns of the row. */
  readonly text: string;
  /** What follows FROM: it finds the one row, by the parameters from $3 on. */
  readonly from: string;
  readonly values: readonly unknown[];
}

/** Its text in pieces. Throws TASK_NOT_FOUND when the row is gone, also half-way. */
export async function* readSlices(database: Reader, { text, from, values }: LargeText): AsyncGenerator<string, void> {
  // By bytes: PostgreSQL would count characters from the beginning, for each slice again.
  const sql = `SELECT substring(convert_to(${text}, 'UTF8') FROM $1::int FOR $2::int) AS piece FROM ${from}`;
  const decoder = new StringDecoder('utf8');
  for (let begin = 1; ;) {
    const most = Math.max(LEAST_BYTES, SHARES * database.shares.bytes);
    const at = begin;
    const [row] = await turns.take(() =>
      orUnavailable(() => database.patient.query<{ piece: Buffer }>(sql, [at, most, ...values])),
    );
    if (row === undefined) throw new ContinuoError('TASK_NOT_FOUND', 'What was being read has been deleted.');
    const piece = decoder.write(row.piece);
    if (piece !== '') yield piece;
    if (row.piece.length < most) return;
    begin += row.piece.length;
  }
}
