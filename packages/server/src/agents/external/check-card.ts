/** Finds the card of a remote agent by what an administrator knows of its address, and tells all that is to be known before it is connected. */
import type { AgentCard } from '@a2a-js/sdk';
import { isLegacyAgentCard } from '@a2a-js/sdk/compat/v0_3/client';
import { cardFlaws, type CardFlaw } from '@continuo/client/card';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { cut } from '@continuo/agent/internal/platform/text.js';
import { DOCUMENT_BOUNDS } from '../../platform/egress/counted-answers.js';
import type { Egress } from '../../platform/egress/egress.js';
import type { CardTrust, SignatureState } from './card-trust.js';
import { connect, isSpoken } from './connect.js';
import { RemoteRefusal, toRemoteError } from './remote-errors.js';
import { fetchWith, type RemoteAddress } from './remote-fetch.js';
import { fieldsIn, type Fields } from './spelling.js';

/** For all that a check asks. */
const CHECK_MS = 15_000;
const MOST_CHARACTERS = 500;
const MOST_ITEMS = 50;
/** Where A2A has cards; the second is that of older servers. */
const WELL_KNOWN = ['.well-known/agent-card.json', '.well-known/agent.json'] as const;

export interface CardInterface {
  readonly url: string;
  /** `JSONRPC`, `HTTP+JSON`, `GRPC`, or what the card says. */
  readonly binding: string;
  /** Of A2A. */
  readonly version: string;
  /** Whether this server can call the agent by it. */
  readonly usable: boolean;
}

export interface CheckedCard {
  /** Whether a card was read. */
  readonly reachable: boolean;
  /** Whether this server can call the agent as it is. */
  readonly usable: boolean;
  /** The URL of the card: where it was found, or where it was looked for. */
  readonly card: string;
  /** Why there is no card, or why the agent can't be called; undefined when it can. */
  readonly error?: string;
  readonly name?: string;
  readonly description?: string;
  readonly version?: string;
  readonly interfaces: readonly CardInterface[];
  readonly streaming: boolean;
  readonly pushNotifications: boolean;
  /** The URIs of its extensions. */
  readonly extensions: readonly string[];
  /** The names of its skills. */
  readonly skills: readonly string[];
  /** The names of the security schemes of which it needs one. */
  readonly securitySchemes: readonly string[];
  readonly signature?: SignatureState;
  /** What is wrong with its fields, whether that matters here or not. */
  readonly flaws: readonly CardFlaw[];
}

export interface CheckParts {
  readonly egress: Pick<Egress, 'fetch' | 'addresses'>;
  readonly trust: Pick<CardTrust, 'checked' | 'state'>;
}

export interface JudgedCard {
  readonly checked: CheckedCard;
  /** As A2A 1.0 has it; undefined when the agent can't be called. */
  readonly card?: AgentCard;
}

/** Keeps nothing, and never throws: what is wrong is the answer. */
export async function checkCard(
  url: string,
  headers: RemoteAddress['headers'],
  { egress, trust }: CheckParts,
): Promise<JudgedCard> {
  const found = await findCard(url, headers, egress);
  const nothing = { interfaces: [], streaming: false, pushNotifications: false, extensions: [], skills: [] };
  if ('error' in found) {
    const checked = { reachable: false, usable: false, ...found, ...nothing, securitySchemes: [], flaws: [] };
    return { checked };
  }
  const { card: place, content } = found;
  const [{ card, ...flaw }, signature] = await Promise.all([
    triedCard({ cardUrl: place, headers, egress, trust }),
    trust.state(content, place),
  ]);
  const [capabilities] = fieldsIn([content['capabilities']]);
  const checked = {
    reachable: true,
    usable: card !== undefined,
    card: place,
    ...flaw,
    ...textFields(content),
    interfaces: interfacesOf(content),
    streaming: capabilities?.['streaming'] === true,
    pushNotifications: capabilities?.['pushNotifications'] === true,
    extensions: textsOf(fieldsIn(capabilities?.['extensions']), 'uri'),
    skills: textsOf(fieldsIn(content['skills']), 'name'),
    securitySchemes: isObject(content['securitySchemes'])
      ? Object.keys(content['securitySchemes']).slice(0, MOST_ITEMS).map(shown)
      : [],
    signature,
    flaws: cardFlaws(content),
  };
  return { checked, ...(card === undefined ? {} : { card }) };
}

type Found = { readonly card: string; readonly content: Fields } | { readonly card: string; readonly error: string };

/** Below `url`, unless that is the address of a document, and at `url` itself. */
async function findCard(
  url: string,
  headers: RemoteAddress['headers'],
  egress: RemoteAddress['egress'],
): Promise<Found> {
  const fetchCard = fetchWith(headers, egress, DOCUMENT_BOUNDS);
  const signal = AbortSignal.timeout(CHECK_MS);
  let first: Found | undefined;
  for (const card of placesOf(url)) {
    try {
      const response = await fetchCard(card, { headers: { accept: 'application/json' }, signal });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`There is no card: HTTP ${response.status}.`);
      }
      const content: unknown = await response.json();
      if (isObject(content) && looksLikeCard(content)) return { card: response.url || card, content };
      throw new Error('What is there is no card of an A2A agent.');
    } catch (error) {
      first ??= { card, error: inWords(error, headers) };
      // Its credentials, or its address, are no better elsewhere on the server.
      if (error instanceof RemoteRefusal) break;
    }
  }
  return first ?? { card: url, error: 'There is no card.' };
}

function placesOf(url: string): readonly string[] {
  const { pathname } = new URL(url);
  if (pathname.endsWith('.json')) return [url];
  const base = new URL(url);
  base.search = '';
  base.hash = '';
  if (!pathname.endsWith('/')) base.pathname = `${pathname}/`;
  return [...WELL_KNOWN.map((path) => new URL(path, base).href), url];
}

function looksLikeCard(content: Fields): boolean {
  return typeof content['name'] === 'string' || Array.isArray(content['skills']) || isLegacyAgentCard(content);
}

/** The card by which the code that calls the agent would do so, or why it can't. */
async function triedCard(address: RemoteAddress): Promise<{ readonly card?: AgentCard; readonly error?: string }> {
  try {
    const { card, close } = await connect(address);
    close();
    return { card };
  } catch (error) {
    return { error: inWords(error, address.headers) };
  }
}

function interfacesOf(content: Fields): readonly CardInterface[] {
  const legacy = isLegacyAgentCard(content);
  const own = legacy ? [{ url: content['url'], transport: content['preferredTransport'] ?? 'JSONRPC' }] : [];
  const listed = fieldsIn(content[legacy ? 'additionalInterfaces' : 'supportedInterfaces']);
  return [...own, ...listed].slice(0, MOST_ITEMS).map((one: Fields) => {
    const url = shown(one['url']);
    const binding = shown(one[legacy ? 'transport' : 'protocolBinding']);
    const version = shown((legacy ? content : one)['protocolVersion'] ?? '1.0');
    return {
      url,
      binding,
      version,
      usable: url !== '' && isSpoken({ protocolBinding: binding, protocolVersion: version }),
    };
  });
}

function textFields(content: Fields) {
  const all = (['name', 'description', 'version'] as const).map((name) => [name, content[name]] as const);
  return Object.fromEntries(all.flatMap(([name, value]) => (typeof value === 'string' ? [[name, shown(value)]] : [])));
}

function textsOf(items: readonly Fields[], name: string): readonly string[] {
  return items.flatMap((item) => (typeof item[name] === 'string' ? [shown(item[name])] : [])).slice(0, MOST_ITEMS);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? cut(value, MOST_CHARACTERS) : '';
}

function inWords(error: unknown, headers: RemoteAddress['headers']): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `There was no answer within ${CHECK_MS} ms.`;
  return cut(messageOf(toRemoteError(error, headers)), MOST_CHARACTERS);
}
