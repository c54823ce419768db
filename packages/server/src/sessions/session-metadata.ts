/** How much may be known of a session beside what is said in it: its metadata come with every list that names it. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';

const MOST_BYTES = 64 * 1024;

export const EXPECTED_METADATA = `at most ${MOST_BYTES} bytes as JSON`;

/** Whether `metadata` are no more than a session may have; none are, and what is no JSON is refused for that. */
export function fitsMetadata(metadata: unknown): boolean {
  return bytesOf(metadata) <= MOST_BYTES;
}

/** Throws INVALID_ARGUMENT for metadata that are more than a session may have. */
export function checkMetadata(metadata: unknown): void {
  if (!fitsMetadata(metadata)) throw invalidArgument('metadata', EXPECTED_METADATA);
}

function bytesOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return 0;
  }
}
