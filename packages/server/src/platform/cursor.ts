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

export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position in `token`; throws INVALID_ARGUMENT for `field` when it was not made by `encodeCursor` for this list. */
export function decodeCursor<Position>(token: string, schema: z.ZodType<Position>, field = 'pageToken'): Position {
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw invalidArgument(field, 'a nextPageToken of an earlier answer to the same list');
  }
}
