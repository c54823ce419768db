/** The only place, beside ids, where chance comes in. */
import { randomBytes, randomInt } from 'node:crypto';

const STEPS = 1_000_000;
const SECRET_BYTES = 32;

/** From 0 to 1, 1 excluded. */
export function random(): number {
  return randomInt(STEPS) / STEPS;
}

/** So many bytes. */
export function randomOf(bytes: number): Buffer {
  return randomBytes(bytes);
}

/** 32 bytes in base64. */
export function newSecret(): string {
  return randomOf(SECRET_BYTES).toString('base64');
}
