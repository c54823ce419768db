/** Sends content as it is read, at the pace of the client. */
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** One piece of it is in memory at a time. A client that goes, or is cut off, ends it without an error: nobody is left to be told. */
export async function sendPieces(pieces: AsyncIterable<string | Buffer>, response: Response): Promise<void> {
  try {
    await pipeline(Readable.from(pieces, { highWaterMark: 1 }), response);
  } catch (error) {
    const hasGone = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!hasGone) throw error;
  }
}
