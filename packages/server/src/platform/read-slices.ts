/** Reads a text that is too large for memory out of the database, slice by slice. */
import { Turns } from './turns.js';
import type { Queryable } from './database.js';
import { ContinuoError } from './errors.js';

const LEAST_CHARACTERS = 256 * 1024;
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

/** Throws TASK_NOT_FOUND when the row is gone, also half-way. */
export async function* readSlices(
  database: Queryable,
  { text, from, values }: LargeText,
  sliceBytes: () => number,
): AsyncGenerator<string, void> {
  // `OFFSET 0`: the text is made once.
  const sql = `SELECT piece, length(piece) AS characters
    FROM (SELECT substr(${text}, $1::int, $2::int) AS piece FROM ${from} OFFSET 0) slice`;
  for (let begin = 1; ;) {
    // A character of JSON takes a byte, but for few texts; those take up to four.
    const most = Math.max(LEAST_CHARACTERS, sliceBytes());
    const at = begin;
    const [row] = await turns.take(() =>
      database.query<{ piece: string; characters: number }>(sql, [at, most, ...values]),
    );
    if (row === undefined) throw new ContinuoError('TASK_NOT_FOUND', 'What was being read has been deleted.');
    if (row.characters > 0) yield row.piece;
    if (row.characters < most) return;
    begin += row.characters;
  }
}
