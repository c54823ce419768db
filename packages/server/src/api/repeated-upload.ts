/** An upload that is sent again under its Idempotency-Key: what is stored of it is not stored once more. */
import { createHash } from 'node:crypto';
import { usedOtherwise } from '../calls/idempotency.js';
import type { StoredFile } from '../files/file.js';

/** The body behind the bytes that are stored. */
export async function* notStored(
  body: AsyncIterable<Buffer>,
  { bytes }: Pick<StoredFile, 'bytes'>,
): AsyncGenerator<Buffer, void> {
  let at = 0;
  for await (const chunk of body) {
    const known = Math.min(chunk.length, Math.max(0, bytes - at));
    at += chunk.length;
    if (known < chunk.length) yield chunk.subarray(known);
  }
}

/** The file, when the whole body has come and is its content. Throws INVALID_ARGUMENT for other content. */
export async function drained(body: AsyncIterable<Buffer>, file: StoredFile, isWhole: boolean): Promise<StoredFile> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  if (!isWhole || hash.digest('hex') === file.sha256) return file;
  throw usedOtherwise();
}
