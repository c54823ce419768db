/** Reads a text that is too large for memory out of the database, slice by slice. */
import { StringDecoder } from 'node:string_decoder';
import { getHeapStatistics } from 'node:v8';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { Turns } from '@continuo/agent/internal/platform/turns.js';
import { orUnavailable, type Reader } from './database.js';
import { ReadAhead, type Slice } from './read-ahead.js';

const MIB = 1024 * 1024;
const LEAST_BYTES = 256 * 1024;
/** What is handed on is larger than a page. */
const SHARES = 2;
/** PostgreSQL puts the whole text together for each look: so much is read with it, for a few readers at a time. */
const LOOK_BYTES = 4 * MIB;
const AT_ONCE = 2;
const turns = new Turns(AT_ONCE);
/** Of all readers together. One that stands still loses what was read ahead for it, and looks again. */
const ahead = new ReadAhead(Math.min(32 * MIB, getHeapStatistics().heap_size_limit / 8));

export interface LargeText {
  /** An SQL expression of type text over the columns of the row. */
  readonly text: string;
  /** What follows FROM: it finds the one row, by the parameters from $3 on. */
  readonly from: string;
  readonly values: readonly unknown[];
}

/** Its text in pieces. Throws TASK_NOT_FOUND when the row is gone, also half-way. */
export async function* readSlices(database: Reader, { text, from, values }: LargeText): AsyncGenerator<string, void> {
  // By bytes: PostgreSQL would count characters from the beginning, for each look again.
  const sql = `SELECT substring(convert_to(${text}, 'UTF8') FROM $1::int FOR $2::int) AS piece FROM ${from}`;
  const look = async (begin: number): Promise<Slice> => {
    const [row] = await turns.take(() =>
      orUnavailable(() => database.patient.query<{ piece: Buffer }>(sql, [begin, LOOK_BYTES, ...values])),
    );
    if (row === undefined) throw new ContinuoError('TASK_NOT_FOUND', 'What was being read has been deleted.');
    return { bytes: row.piece, at: 0 };
  };
  const decoder = new StringDecoder('utf8');
  const reader = {};
  try {
    for (let begin = 1; ;) {
      const { bytes, at } = ahead.take(reader) ?? (await look(begin));
      const end = Math.min(bytes.length, at + Math.max(LEAST_BYTES, SHARES * database.shares.bytes));
      begin += end - at;
      const isWhole = end === bytes.length;
      if (!isWhole) ahead.keep(reader, { bytes, at: end });
      const piece = decoder.write(bytes.subarray(at, end));
      if (piece !== '') yield piece;
      if (isWhole && bytes.length < LOOK_BYTES) return;
    }
  } finally {
    ahead.take(reader);
  }
}
