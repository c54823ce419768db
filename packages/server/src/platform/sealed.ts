/** Texts that are stored so that whoever has only the database can't read them: sealed with a key made of a secret that isn't in it. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { randomOf } from './random.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class Seal {
  readonly #key: Buffer;
  /** Tells secrets apart, and doesn't tell them. */
  readonly id: string;

  /** `secret`: hard to guess. `purpose`: what is sealed for one can't be opened for another. */
  constructor(secret: string, purpose: string) {
    const made = Buffer.from(hkdfSync('sha256', secret, '', purpose, 2 * KEY_BYTES));
    this.#key = made.subarray(0, KEY_BYTES);
    this.id = made.subarray(KEY_BYTES).toString('base64url');
  }

  sealed(text: string): string {
    const nonce = randomOf(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64');
  }

  /** Undefined for what was not sealed so, or was changed since. */
  opened(sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    const content = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
