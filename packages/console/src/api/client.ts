/** The server that this console is of: every call of the console, with what this browser signs it with. */
import { ServerConnection, type Answer, type Given, type OperationId } from '@continuo/client';
import { credentials, noteRefusal } from './credentials.js';
import { apiAddress } from './place.js';

/** What failed is asked for again by whoever shows it. */
export const server = new ServerConnection({
  url: apiAddress('/'),
  token: credentials,
  onUnauthenticated: noteRefusal,
  retries: 0,
});

/** Throws ContinuoApiError. */
export function call<Id extends OperationId>(
  id: Id,
  given: Given<Id>,
  signal?: AbortSignal,
  /** Sent again under the same one, a POST does nothing twice. */
  idempotencyKey?: string,
): Promise<Answer<Id>> {
  return server.call(id, given, { signal, idempotencyKey });
}
