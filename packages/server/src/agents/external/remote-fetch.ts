/** What is sent to a remote agent's addresses: with its headers, as far as egress allows it. */
import { countedBy, type AnswerBounds } from '../../platform/egress/counted-answers.js';
import { EgressRefused, type Egress } from '../../platform/egress/egress.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { CardTrust } from './card-trust.js';
import { REFUSED, RemoteRefusal } from './remote-errors.js';

export interface RemoteAddress {
  readonly cardUrl: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Judges every address that is connected to. */
  readonly egress: Pick<Egress, 'fetch' | 'addresses'>;
  /** Judges its signatures. */
  readonly trust: Pick<CardTrust, 'checked'>;
}

/** What no further attempt changes, by its status of HTTP. */
const refusals: Readonly<Record<number, string>> = {
  401: "doesn't take the credentials of this server",
  403: "doesn't allow this server to call it",
  413: 'finds the message too large',
};

/** With headers to keep, it follows no redirect: they would go along to wherever it leads. */
export function fetchWith(
  own: RemoteAddress['headers'],
  egress: RemoteAddress['egress'],
  bounds: AnswerBounds,
): typeof fetch {
  const entries = Object.entries(own);
  const fetchCounted = countedBy(egress, bounds);
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of entries) headers.set(name, value);
    for (const [name, value] of Object.entries(tracing()?.headers() ?? {})) headers.set(name, value);
    const redirect = entries.length > 0 ? 'manual' : 'follow';
    const response = await fetchCounted(input, { ...init, headers: [...headers], redirect }).catch(toRefusal);
    const redirected = response.status >= 300 && response.status < 400;
    const refusal = redirected ? 'redirects, which is not followed with credentials' : refusals[response.status];
    if (refusal === undefined) return response;
    await response.body?.cancel();
    throw new RemoteRefusal(REFUSED, `The remote agent ${refusal} (HTTP ${response.status}).`);
  };
}

/** What the operator has not allowed is not tried again. */
export function toRefusal(error: unknown): never {
  const refused = error instanceof Error && error.cause instanceof EgressRefused ? error.cause : error;
  if (!(refused instanceof EgressRefused)) throw error;
  throw new RemoteRefusal(REFUSED, `The remote agent is not called: ${refused.message}.`);
}
