/** Takes the content of an upload as it comes, one piece of it in memory at a time, and hashes it on its way. */
import { createHash } from 'node:crypto';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { ContentWriter, Upload } from './content-store.js';

/** What an upload holds in memory, in bytes. */
const PIECE_BYTES = 512 * 1024;
/** After so many bytes the caller's room is looked at again. */
const LOOK_AGAIN_BYTES = 16 * 1024 ** 2;

export interface ReceiveOptions {
  /** Largest file, in bytes. */
  readonly mostBytes: number;
  /** Throws when the owner may not store so many bytes of it. */
  readonly checkRoom: (bytes: number) => Promise<void>;
}

export interface Received {
  /** What is stored now, in all. */
  readonly bytes: number;
  /** Of all of it, in hexadecimal; undefined when an earlier request has sent its beginning. */
  readonly sha256: string | undefined;
}

/**
 * Stores what `source` yields. Throws PAYLOAD_TOO_LARGE for more than may be, and what `source` throws: in each case what
 * came before is stored.
 */
export async function receive(
  source: AsyncIterable<Buffer>,
  { file }: Upload,
  writer: ContentWriter,
  { mostBytes, checkRoom }: ReceiveOptions,
): Promise<Received> {
  const hash = file.bytes === 0 ? createHash('sha256') : undefined;
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let [filled, bytes, looked] = [0, file.bytes, file.bytes];
  let isStored = true;
  const look = async (upTo: number): Promise<void> => {
    await checkRoom(upTo);
    looked = upTo;
  };
  const flush = async (): Promise<void> => {
    if (filled === 0) return;
    isStored = false;
    if (bytes + filled - looked > LOOK_AGAIN_BYTES) await look(bytes + filled);
    const ready = piece.subarray(0, filled);
    await writer.write(ready);
    hash?.update(ready);
    bytes += filled;
    filled = 0;
    isStored = true;
  };
  try {
    for await (const chunk of source) {
      refuseBeyond(bytes + filled + chunk.length, file.length, mostBytes);
      for (let at = 0; at < chunk.length;) {
        const taken = chunk.copy(piece, filled, at);
        at += taken;
        filled += taken;
        if (filled === PIECE_BYTES) await flush();
      }
    }
    await flush();
    // Of several that came at once none has seen how much they are together.
    if (bytes > looked) await look(bytes);
  } catch (error) {
    if (isStored) await flush().catch(() => undefined);
    await writer.pause().catch(() => undefined);
    throw error;
  }
  return { bytes, sha256: hash?.digest('hex') };
}

function refuseBeyond(bytes: number, length: number | undefined, most: number): void {
  if (bytes > most) throw new ContinuoError('PAYLOAD_TOO_LARGE', `A file has at most ${most} bytes.`);
  if (length !== undefined && bytes > length) throw invalidArgument('body', `${length} bytes in all, as was announced`);
}
