/** How somebody else's signatures are verified: by which algorithms, and what it means when that fails. */
import { errors } from 'jose';

/** None that signs with what it verifies with: a public key would be its secret. */
export const signatureAlgorithms: string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
];

/** What jose throws when the keys could not be had. */
const noKeys: readonly string[] = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/** Whether a signature was looked at and found wrong; otherwise the keys could not be had. */
export function isWrongSignature(error: unknown): error is errors.JOSEError {
  return error instanceof errors.JOSEError && !noKeys.includes(error.code);
}
