/** The only place where ids and tokens are made: UUIDv7, so that ids sort by the time they were made. */
import { randomBytes } from 'node:crypto';
import { NIL, v5, v7, validate } from 'uuid';

const NAMESPACE = '5f0c1f8e-3c0f-4c55-9d0b-9a7f1f1d2c11';

/** Before every other, and nobody's. */
export const NIL_ID = NIL;

/** A new UUIDv7. */
export function newId(): string {
  return v7();
}

/** 256 random bits, as 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The same id for the same name, always: for what a recovered run must find again instead of making it twice. */
export function derivedId(name: string): string {
  return v5(name, NAMESPACE);
}

/** Whether `value` is a UUID of any version, so that a query on a `uuid` column can't fail on it. */
export function isId(value: string): boolean {
  return validate(value);
}
