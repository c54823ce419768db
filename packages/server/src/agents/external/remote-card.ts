/** A remote agent's card: fetched, judged, and with addresses by which its agent can be called. */
import type { AgentCard } from '@a2a-js/sdk';
import { DefaultAgentCardResolver } from '@a2a-js/sdk/client';
import { isLegacyAgentCard } from '@a2a-js/sdk/compat/v0_3/client';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { DOCUMENT_BOUNDS } from '../../platform/egress/counted-answers.js';
import { webUrl } from '../../platform/web-url.js';
import { fetchWith, type RemoteAddress } from './remote-fetch.js';
import { fieldsIn, type Fields } from './spelling.js';

const CARD_TIMEOUT_MS = 20_000;
const EXPECTED = 'expected an http or https URL';

/** Throws Error when it can't be read now, and TerminalError for one by which nobody can be called. */
export async function readCard({ cardUrl, headers, egress, trust }: RemoteAddress): Promise<AgentCard> {
  const signal = AbortSignal.timeout(CARD_TIMEOUT_MS);
  const fetchCard = fetchWith(headers, egress, DOCUMENT_BOUNDS);
  let isThere = false;
  const fetchImpl: typeof fetch = async (input, init) => {
    const response = await fetchCard(input, { ...init, signal });
    if (!response.ok) return response;
    const card = await trust.checked(await response.json(), cardUrl);
    isThere = true;
    return Response.json(withAddresses(card, response.url || cardUrl));
  };
  try {
    return await new DefaultAgentCardResolver({ fetchImpl, legacyCompat: { enabled: true } }).resolve(cardUrl, '');
  } catch (error) {
    if (error instanceof TerminalError) throw error;
    if (isThere) throw unusable(messageOf(error).replace(/^agentCard\./, ''));
    throw new Error(`its card can't be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Relative addresses are those of `base`, where the card is. Interfaces without one are left out, if there is another. */
function withAddresses(card: unknown, base: string): unknown {
  if (!isObject(card)) throw unusable('expected a JSON object');
  if (isLegacyAgentCard(card)) {
    const url = addressIn(card, card['preferredTransport'], base);
    if (url === undefined) throw unusable(`url: ${EXPECTED}`);
    const others = addressed(fieldsIn(card['additionalInterfaces']), 'transport', base);
    return { ...card, url, additionalInterfaces: others };
  }
  const offered = fieldsIn(card['supportedInterfaces']);
  const usable = addressed(offered, 'protocolBinding', base);
  if (usable.length > 0 || offered.length === 0) return { ...card, supportedInterfaces: usable };
  const hasBinding = typeof offered[0]?.['protocolBinding'] === 'string';
  throw unusable(`supportedInterfaces[0].${hasBinding ? `url: ${EXPECTED}` : 'protocolBinding: expected its name'}`);
}

function addressed(interfaces: readonly Fields[], binding: string, base: string): readonly Fields[] {
  return interfaces.flatMap((one) => {
    const url = typeof one[binding] === 'string' ? addressIn(one, one[binding], base) : undefined;
    return url === undefined ? [] : [{ ...one, url, protocolVersion: one['protocolVersion'] ?? '1.0' }];
  });
}

/** gRPC's is no URL. */
function addressIn({ url }: Fields, binding: unknown, base: string): string | undefined {
  if (typeof url !== 'string' || url === '') return undefined;
  if (String(binding).toUpperCase() === 'GRPC') return url;
  return webUrl(url, base)?.href;
}

function unusable(reason: string): TerminalError {
  return new TerminalError(`The remote agent's card can't be used: ${reason}.`);
}
