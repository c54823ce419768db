/** Reads the Range header of a request for a file (RFC 9110, section 14). */

export interface ByteRange {
  readonly first: number;
  /** Included. */
  readonly last: number;
}

/** The one range that is asked for; undefined for none or for several, where all is sent; null when it lies behind the end. */
export function byteRange(header: string | undefined, bytes: number): ByteRange | undefined | null {
  const asked = /^bytes=[\s,]*(\d*)-(\d*)[\s,]*$/i.exec(header ?? '');
  const [from = '', to = ''] = asked?.slice(1) ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '')
    return Number(to) === 0 || bytes === 0 ? null : { first: Math.max(0, bytes - Number(to)), last: bytes - 1 };
  const first = Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= bytes) return null;
  return { first, last: Math.min(bytes - 1, to === '' ? bytes - 1 : Number(to)) };
}
