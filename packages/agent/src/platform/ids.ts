/** The only place where ids and tokens are made: UUIDv7, so that ids sort by the time they were made. */
import { hash, randomBytes, randomUUID } from 'node:crypto';

const NAMESPACE = Buffer.from('5f0c1f8e3c0f4c559d0b9a7f1f1d2c11', 'hex');
/** RFC 9562: of the versions 1 to 8, or one of the two that are all zeros and all ones. */
const ID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}(?:-0{4}){3}-0{12}|f{8}(?:-f{4}){3}-f{12})$/i;
const VARIANTS = ['8', '9', 'a', 'b'] as const;
const COUNTED = 0x1000;

let lastMs = 0;
/** Counts the ids of one millisecond; each begins somewhere in the lower half. */
let count = 0;

/** Before every other, and nobody's. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';

/** A new UUIDv7: behind every other that this process has made, also in the same millisecond. */
export function newId(): string {
  const random = randomUUID();
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    count = Number.parseInt(random.slice(0, 3), 16) >> 1;
  } else {
    count += 1;
    if (count === COUNTED) [lastMs, count] = [lastMs + 1, 0];
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const counted = count.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counted}${random.slice(18)}`;
}

/** 256 random bits, as 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A UUIDv5, the same for the same name, always: for what a recovered run must find again instead of making it twice. */
export function derivedId(name: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name)]), 'hex');
  const variant = VARIANTS[Number.parseInt(bytes.charAt(16), 16) & 3];
  return `${bytes.slice(0, 8)}-${bytes.slice(8, 12)}-5${bytes.slice(13, 16)}-${variant}${bytes.slice(17, 20)}-${bytes.slice(20, 32)}`;
}

/** Whether `value` is a UUID of any version, so that a query on a `uuid` column can't fail on it. */
export function isId(value: string): boolean {
  return ID.test(value);
}
