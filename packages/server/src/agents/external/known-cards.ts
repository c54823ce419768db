/** The cards of connected agents as administrators know them: what a card says otherwise since, until it is accepted. */
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from '../../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../../platform/database.js';
import {
  keepKnownCard,
  readConnection,
  readKnownCard,
  type ConnectedAgentRow,
} from '../../runs/external-agent-rows.js';
import { cardChanges, type CardChange } from './card-fields.js';
import { ConfiguredAgent, keyOf } from './configured-agents.js';
import type { RemoteCards, SeenCard } from './remote-cards.js';

/** What administrators do with remote agents, for the audit log. */
export interface AgentAudit {
  readonly tenant: string;
  readonly owner: string;
  readonly action: 'agent.connected' | 'agent.disconnected' | 'agent.card-accepted';
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ChangesOfCard {
  /** Since when the known card is known; absent while none is. */
  readonly knownAt?: string;
  readonly changed: boolean;
  /** Of the card as it is now; absent when it can't be read. */
  readonly digest?: string;
  /** Why it can't be read now. */
  readonly error?: string;
  /** Empty also where what is different is too long to be kept, or only stands elsewhere in a list. */
  readonly changes: readonly CardChange[];
}

interface KnownCardsParts {
  readonly database: Database;
  readonly registry: AgentRegistry;
  readonly cards: RemoteCards;
  readonly audit: (client: Queryable, entry: AgentAudit) => Promise<void>;
}

type Known = Pick<ConnectedAgentRow, 'name' | 'knownDigest' | 'knownAt'>;

export class KnownCards {
  constructor(private readonly parts: KnownCardsParts) {}

  /** Whether the card says something else than the known one, by what was read after that became known. */
  isOutdated({ name, knownDigest, knownAt }: Known): boolean {
    const seen = this.parts.cards.seen(keyOf(name));
    return seen !== undefined && knownAt !== null && seen.at > knownAt && seen.digest !== knownDigest;
  }

  /** Keeps the first card that was read of agents of which none is known: an older version has connected them. */
  async fill(rows: readonly ConnectedAgentRow[]): Promise<void> {
    const { cards, database } = this.parts;
    for (const { id, name, knownDigest } of rows) {
      const seen = knownDigest === null ? cards.seen(keyOf(name)) : undefined;
      if (seen !== undefined) await keepKnownCard(database, id, seen, { first: true });
    }
  }

  /** Reads the card now. Throws AGENT_NOT_FOUND when no such agent is connected. */
  async changes(name: string): Promise<ChangesOfCard> {
    const { id } = await this.#connection(name);
    const known = await orUnavailable(() => readKnownCard(this.parts.database, id));
    const since = known === undefined ? {} : { knownAt: known.at.toISOString() };
    try {
      const { digest, fields } = await this.#read(name);
      const changed = known !== undefined && known.digest !== digest;
      return { ...since, changed, digest, changes: changed ? cardChanges(known.fields, fields) : [] };
    } catch (error) {
      return { ...since, changed: false, error: messageOf(error), changes: [] };
    }
  }

  /**
   * The card is the known one from now on, if it still has this digest. Throws AGENT_NOT_FOUND, INVALID_ARGUMENT when the
   * card has changed again, and UNSUPPORTED_OPERATION when it can't be read.
   */
  async accept(caller: Caller, name: string, digest: string): Promise<void> {
    const { database, audit } = this.parts;
    const { id, knownDigest } = await this.#connection(name);
    const card = await this.#read(name).catch((error: unknown) => {
      throw new ContinuoError('UNSUPPORTED_OPERATION', `The card can't be read now: ${messageOf(error)}`);
    });
    if (card.digest !== digest) {
      const expected = 'the digest of the card as it is now';
      const message = 'digest: the card has changed again; look at what it says now';
      throw new ContinuoError('INVALID_ARGUMENT', message, { field: 'digest', expected });
    }
    if (knownDigest === digest) return;
    const kept = await orUnavailable(() =>
      database.transaction(async (client) => {
        if (!(await keepKnownCard(client, id, card, { first: false }))) return false;
        await audit(client, { ...caller, action: 'agent.card-accepted', subject: keyOf(name), details: { digest } });
        return true;
      }),
    );
    if (!kept) throw unknown(name);
  }

  async #connection(name: string): Promise<ConnectedAgentRow> {
    const row = await orUnavailable(() => readConnection(this.parts.database, name));
    if (row === undefined) throw unknown(name);
    return row;
  }

  /** Throws Error when it can't be read. */
  async #read(name: string): Promise<SeenCard> {
    const { registry, cards } = this.parts;
    const { agent } = registry.get(keyOf(name));
    if (agent instanceof ConfiguredAgent) return cards.read(keyOf(name), agent);
    throw new Error('An agent of the code has its name.');
  }
}

function unknown(name: string): ContinuoError {
  return new ContinuoError('AGENT_NOT_FOUND', `No agent "${name}" is connected.`);
}
