/** The beginning of an answer that others wrote: as much as is worth keeping, in characters that can be shown. */
import { startOf } from '@continuo/agent/internal/platform/text.js';

/** A longer body is cut off, and its connection with it. */
const MOST_BYTES = 64 * 1024;
const KEPT_CHARACTERS = 1_024;

/** Reads the body to its end or to 64 KB; 1,024 characters of it. */
export async function readStart(body: AsyncIterable<Uint8Array> & { destroy(): void }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size - chunk.length < KEPT_CHARACTERS * 4) chunks.push(chunk);
      if (size > MOST_BYTES) break;
    }
  } catch {
    // The status has been read: that counts, even when the rest never comes.
  }
  body.destroy();
  return startOf(printable(Buffer.concat(chunks).toString('utf8')), KEPT_CHARACTERS);
}

/** Control characters and halves of surrogate pairs become spaces. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Surrogate}\uFFFD]/gu, ' ').trim();
}
