/** When something was made, by its id: answers of OpenAI's say it, and nothing else keeps it. */

/** Seconds since 1970; `id`: a UUIDv7 (RFC 9562, 5.7). */
export function createdAt(id: string): number {
  return Math.floor(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) / 1000);
}
