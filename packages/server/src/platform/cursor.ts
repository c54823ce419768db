/** Opaque page tokens: where the next page begins, in a form that clients can only hand back. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { time } from '@continuo/agent/internal/platform/ranges.js';

/** How SQL writes a time for a cursor: exactly. */
export const MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
/** A place in a list that is sorted by time and id. */
export const timePosition = z.tuple([
  z.iso.datetime({ precision: 6 }).refine((value) => time.safeParse(value).success),
  z.uuid(),
]);

/** The page tokens of one list; those of another are none here, though a place in it may look alike. */
export class Cursor<Position> {
  readonly #token: z.ZodType<readonly [string, Position]>;

  constructor(
    private readonly list: string,
    position: z.ZodType<Position>,
  ) {
    this.#token = z.tuple([z.literal(list), position]);
  }

  encode(position: Position): string {
    return Buffer.from(JSON.stringify([this.list, position])).toString('base64url');
  }

  /** The position in `token`; throws INVALID_ARGUMENT when it was not made for this list. */
  decode(token: string): Position {
    try {
      return this.#token.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))[1];
    } catch {
      throw invalidArgument('pageToken', 'a nextPageToken of an earlier answer to the same list');
    }
  }
}
