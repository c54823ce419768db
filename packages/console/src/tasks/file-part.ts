/** A file as part of a message. */
import type { Part } from '@continuo/client';

/** So many bytes are handed over as arguments at once. */
const PIECE = 8_192;

export async function filePart(file: File): Promise<Part> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  }
  return { raw: btoa(binary), filename: file.name, mediaType: file.type || 'application/octet-stream' };
}
