/** What clients find agents by: cards, also the extended ones, the AI Catalog, and the keys that verify signatures. */
import { AgentCard } from '@a2a-js/sdk';
import { Router, type Request, type Response } from 'express';
import type { AgentRegistry, RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { API_KEY_HEADER } from '../auth/door.js';
import type { SigningKeys } from '../auth/signing-keys.js';
import { addressOf } from '../platform/host-header.js';
import { agentCard, agentCardJson, type CardContext } from './agent-card.js';
import { aiCatalog, listedAgents } from './ai-catalog.js';
import { HttpUser, type CallUser } from './call-context.js';
import type { CardAuth } from '../auth/security-schemes.js';
import { JWKS_PATH, SignedCards } from './signed-cards.js';

/** The second is where clients of A2A 0.2 look. */
const CARDS = ['.well-known/agent-card.json', '.well-known/agent.json'] as const;
const CATALOG_PATH = '/.well-known/ai-catalog.json';
/** Everybody may ask for these. */
export const DISCOVERY_PATHS = [JWKS_PATH, CATALOG_PATH, ...CARDS.map((card) => `/${card}` as const)] as const;
/** A card says what an agent can do, which changes with a deploy. */
const CARD_SECONDS = 60;
/** Keys are there for an hour before they sign. */
const JWKS_SECONDS = 300;
const ORCHESTRATOR = 'orchestrator/default';

export interface DiscoveryOptions {
  readonly registry: AgentRegistry;
  /** Where clients reach the server; undefined: where the request came to. */
  readonly publicUrl: string | undefined;
  /** Where gRPC is served beside an address of HTTP, `host:port`; undefined: nowhere. */
  readonly grpcBeside: (url: string) => string | undefined;
  readonly sessions: boolean;
  readonly auth: CardAuth;
  readonly signingKeys: SigningKeys;
  /** The host names that the server is known by for certain. */
  readonly ownNames: readonly string[];
  /** What the AI Catalog lists. */
  readonly catalog: readonly string[];
}

export class Discovery {
  readonly #signed: SignedCards;

  constructor(private readonly options: DiscoveryOptions) {
    this.#signed = new SignedCards(options.signingKeys, options.ownNames);
  }

  /** What a card says beside its agent. `address`: where the request came to. */
  context(address = ''): CardContext {
    const { publicUrl, grpcBeside, sessions, auth } = this.options;
    const baseUrl = publicUrl ?? address;
    return { baseUrl, grpcAddress: grpcBeside(baseUrl), sessions, auth };
  }

  /** For whoever makes this call; undefined where nobody has to say who he is. */
  async extendedCard(agent: RegisteredAgent, call: CallUser): Promise<AgentCard | undefined> {
    if (this.options.auth.schemes.length === 0) return undefined;
    const about = this.context(call.address);
    const card = agentCard(agent, about, call.principal);
    const json = AgentCard.toJSON(card) as Readonly<Record<string, unknown>>;
    const { signatures, etag } = await this.#signed.sign(json, about.baseUrl);
    if (call instanceof HttpUser && call.request.method !== 'POST') {
      this.#tellCaching(call.answer, `private, max-age=${CARD_SECONDS}`).set('ETag', etag);
      call.answer.vary('Authorization').vary(API_KEY_HEADER);
    }
    return { ...card, signatures: [...signatures] };
  }

  /** Passes on what is not its own. */
  router(): Router {
    const router = Router();
    const { registry, signingKeys, catalog } = this.options;
    for (const card of CARDS) {
      router.get(`/${card}`, async (request, response, next) => {
        if (registry.has(ORCHESTRATOR)) await this.#sendCard(registry.get(ORCHESTRATOR), request, response);
        else next();
      });
      router.get(`/agents/:type/:name/${card}`, async (request, response) => {
        await this.#sendCard(registry.get(`${request.params.type}/${request.params.name}`), request, response);
      });
    }
    router.get(JWKS_PATH, (_request, response) => {
      response.set('Cache-Control', `public, max-age=${JWKS_SECONDS}`);
      response.type('application/jwk-set+json').json(signingKeys.jwks());
    });
    router.get(CATALOG_PATH, (request, response) => {
      const about = this.context(addressOf(request));
      const listed = listedAgents(registry.list(), catalog).map((agent) => ({ agent, card: agentCard(agent, about) }));
      this.#tellCaching(response, `public, max-age=${CARD_SECONDS}`);
      response.type('application/ai-catalog+json').json(aiCatalog(listed, about.baseUrl));
    });
    return router;
  }

  async #sendCard(agent: RegisteredAgent, request: Request, response: Response): Promise<void> {
    const about = this.context(addressOf(request));
    const card = agentCardJson(agent, about);
    const { signatures, etag } = await this.#signed.sign(card, about.baseUrl);
    this.#tellCaching(response, `public, max-age=${CARD_SECONDS}`).set('ETag', etag);
    response.json(signatures.length === 0 ? card : { ...card, signatures });
  }

  /** The addresses in it are those that the client knows. */
  #tellCaching(response: Response, caching: string): Response {
    response.set('Cache-Control', caching);
    return this.options.publicUrl === undefined ? response.vary('Host') : response;
  }
}
