/** Remote agents that administrators connect while the server runs: kept for all instances, each of which takes them up and gives them up again. */
import type { AgentCard } from '@a2a-js/sdk';
import type { Type } from '@nestjs/common';
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { BackgroundLoop } from '../../platform/background-loop.js';
import type { Caller } from '../../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../../platform/database.js';
import { TEN_MINUTES_MS, type ExternalAgentSettings } from '../../platform/external-agents.js';
import type { Log } from '../../platform/log.js';
import { Seal } from '../../platform/sealed.js';
import { hideAsWell, withWords } from '../../platform/secrets.js';
import {
  insertConnection,
  markDisconnected,
  readConnected,
  readConnection,
  readDisconnected,
  type ConnectedAgentRow,
} from '../../runs/external-agent-rows.js';
import type { DisconnectedTasks } from '../../tasks/disconnected.js';
import { cardFields } from './card-fields.js';
import { configuredAgent, keyOf, type ConfiguredAgent } from './configured-agents.js';
import type { NewConnection } from './connection-options.js';
import type { AgentAudit, KnownCards } from './known-cards.js';
import type { RemoteCards } from './remote-cards.js';

/** Also when no sweep has said that others are connected now. */
const LOOK_EVERY_MS = 10_000;
const MOST_CONNECTED = 100;
const PURPOSE = 'continuo external agent';

export interface ConnectedAgentsParts {
  readonly database: Database;
  readonly registry: AgentRegistry;
  readonly cards: RemoteCards;
  readonly known: KnownCards;
  readonly tasks: DisconnectedTasks;
  /** The secret that credentials are sealed with; undefined where there is none. */
  readonly sealingKey: () => Promise<string | undefined>;
  readonly audit: (client: Queryable, entry: AgentAudit) => Promise<void>;
  /** Called when other agents are here than before, so that tasks of them are claimed, and of no others. */
  readonly onChange: () => Promise<void>;
  /** Has tasks go on that may run here now. */
  readonly resume: (ids: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** An agent of another server, as administrators see it. */
export interface ExternalAgentInfo {
  readonly name: string;
  /** `external/<name>`. */
  readonly agent: string;
  /** The URL of its card. */
  readonly url: string;
  /** `connected`: by an administrator, who can disconnect it; `environment`: by CONTINUO_EXTERNAL_AGENTS. */
  readonly source: 'connected' | 'environment';
  /** The names of the headers that go with each request, without their values. */
  readonly headers: readonly string[];
  readonly patienceMs: number;
  readonly connectedBy?: string;
  readonly connectedAt?: string;
  /** Why it can't be used at present, as this instance sees it; absent when it can. */
  readonly problem?: string;
  /** Its card says something else than when it was connected or accepted last, as this instance has read it. */
  readonly cardChanged: boolean;
}

/** An agent that may be connected: where its card is, and what it says. */
export interface FoundAgent {
  readonly url: string;
  readonly card: AgentCard;
}

export class ConnectedAgents {
  readonly #loop: BackgroundLoop;
  /** What this instance has taken up: the id of each connection, by name. */
  readonly #here = new Map<string, string>();
  /** Why it hasn't, by the ids of connections. */
  readonly #problems = new Map<string, string>();
  #seal: Promise<Seal | undefined> | undefined;
  #make: ((type: Type<ConfiguredAgent>) => Promise<ConfiguredAgent>) | undefined;
  #looking: Promise<void> = Promise.resolve();
  /** Which were connected when it last looked because of that; undefined when that failed. */
  #seen: string | null | undefined;
  /** Others are here than this instance has said. */
  #isNews = false;

  constructor(private readonly parts: ConnectedAgentsParts) {
    const { clock, log } = parts;
    const failed = (error: unknown): void =>
      log.debug({ err: messageOf(error) }, 'the connected agents were not looked at, will try again');
    this.#loop = new BackgroundLoop(() => this.look(), LOOK_EVERY_MS, failed, clock);
  }

  /** Before `open`: how agents are made, with all that is injected into them. */
  makeWith(make: (type: Type<ConfiguredAgent>) => Promise<ConfiguredAgent>): void {
    this.#make = make;
  }

  /** Takes up what is connected; before this instance says what it can run, and without reading any card. */
  async open(): Promise<void> {
    await this.#take(await readConnected(this.parts.database));
  }

  start(): void {
    this.#loop.start(LOOK_EVERY_MS);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Which agents are connected, as one text; looks when it is another than before. */
  changed(connected: string | null): void {
    if (connected === this.#seen || this.#loop.stopped) return;
    this.#seen = connected;
    this.look().catch((error: unknown) => {
      this.#seen = undefined;
      this.parts.log.debug({ err: messageOf(error) }, 'what is connected is not taken up yet');
    });
  }

  /** Takes up what is connected now, and gives up what is no more. */
  look(): Promise<void> {
    this.#looking = this.#looking.catch(() => undefined).then(() => this.#look());
    return this.#looking;
  }

  /** Holds the tasks of agents that are connected no more. */
  async holdTasks(): Promise<void> {
    const { database, registry, tasks } = this.parts;
    const gone = (await readDisconnected(database)).map(keyOf).filter((key) => !registry.has(key));
    await tasks.hold(gone);
  }

  /** Of the environment and connected ones, by name. */
  async list(configured: readonly ExternalAgentSettings[]): Promise<readonly ExternalAgentInfo[]> {
    const rows = await orUnavailable(() => readConnected(this.parts.database));
    const given = configured.map((settings) => this.#infoOfSettings(settings));
    return [...given, ...rows.map((row) => this.#infoOf(row))].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The connection with this id, for whoever asks again; undefined when there is none. */
  async made(name: string, id: string | undefined): Promise<ExternalAgentInfo | undefined> {
    if (id === undefined) return undefined;
    const row = await orUnavailable(() => readConnection(this.parts.database, name));
    if (row?.id !== id) return undefined;
    await this.look();
    return this.#infoOf(row);
  }

  /** Throws AGENT_EXISTS when the name is an agent's. */
  async requireFree(name: string): Promise<void> {
    const taken = await orUnavailable(() => readConnection(this.parts.database, name));
    // One that was disconnected elsewhere a moment ago is no reason.
    if (taken === undefined) await orUnavailable(() => this.look());
    if (taken !== undefined || this.parts.registry.has(keyOf(name))) throw exists(name);
  }

  /**
   * Keeps the agent and what its card says, and takes it up here. Throws AGENT_EXISTS, QUOTA_EXCEEDED when there
   * are too many, and UNSUPPORTED_OPERATION when credentials can't be kept here.
   */
  async connect(
    caller: Caller,
    { name, headers, patienceMs }: NewConnection,
    { url, card }: FoundAgent,
    id: string = newId(),
  ): Promise<ExternalAgentInfo> {
    const { database, audit, clock } = this.parts;
    const sealed = await this.#sealed(headers ?? {});
    const { digest, fields } = cardFields(card);
    const connectedAt = clock.now();
    const row: ConnectedAgentRow = {
      name,
      id,
      card: url,
      patienceMs: patienceMs ?? TEN_MINUTES_MS,
      headerNames: Object.keys(headers ?? {}),
      headers: sealed,
      ...caller,
      connectedAt,
      knownDigest: digest,
      knownAt: connectedAt,
    };
    const became = await orUnavailable(() =>
      database.transaction(async (client) => {
        const inserted = await insertConnection(client, { ...row, knownFields: fields }, MOST_CONNECTED);
        const details = { host: new URL(url).host, headers: row.headerNames };
        if (inserted === 'connected') {
          await audit(client, { ...caller, action: 'agent.connected', subject: keyOf(name), details });
        }
        return inserted;
      }),
    );
    if (became === 'taken') throw exists(name);
    if (became === 'full') {
      throw new ContinuoError('QUOTA_EXCEEDED', `${MOST_CONNECTED} agents are connected; disconnect one first.`);
    }
    await this.look();
    return this.#infoOf(row);
  }

  /** Its open tasks are held. Throws AGENT_NOT_FOUND when no such agent is connected. */
  async disconnect(caller: Caller, name: string): Promise<void> {
    const { database, audit, log } = this.parts;
    const gone = await orUnavailable(() =>
      database.transaction(async (client) => {
        if (!(await markDisconnected(client, name, keyOf(name)))) return false;
        await audit(client, { ...caller, action: 'agent.disconnected', subject: keyOf(name), details: {} });
        return true;
      }),
    );
    if (!gone) throw new ContinuoError('AGENT_NOT_FOUND', `No agent "${name}" is connected.`);
    // What fails from here on is done by the next look.
    await this.look()
      .then(() => this.holdTasks())
      .catch((error: unknown) => log.warn({ err: messageOf(error), agent: keyOf(name) }, 'tasks are not held yet'));
  }

  async #look(): Promise<void> {
    const { cards, database, known, onChange, tasks, resume } = this.parts;
    const rows = await readConnected(database);
    const left = this.#leave(rows);
    const taken = await this.#take(rows);
    for (const [key, agent] of taken) cards.follow(key, agent);
    this.#isNews ||= left || taken.size > 0;
    if (this.#isNews) await onChange();
    this.#isNews = false;
    for (const key of taken.keys()) await resume(await tasks.ofAgent(key));
    await known.fill(rows);
  }

  /** Whether there was anything to give up: what was disconnected, or replaced. */
  #leave(rows: readonly ConnectedAgentRow[]): boolean {
    const { registry, cards, log } = this.parts;
    const ids = new Set(rows.map(({ id }) => id));
    const gone = [...this.#here].filter(([, id]) => !ids.has(id));
    for (const [name] of gone) {
      this.#here.delete(name);
      cards.leave(keyOf(name));
      registry.remove(keyOf(name));
      log.info({ agent: keyOf(name) }, 'a remote agent was disconnected');
    }
    for (const id of this.#problems.keys()) if (!ids.has(id)) this.#problems.delete(id);
    return gone.length > 0;
  }

  /** The agents that are here now and were not before, by `type/name`. */
  async #take(rows: readonly ConnectedAgentRow[]): Promise<ReadonlyMap<string, ConfiguredAgent>> {
    const { registry, log } = this.parts;
    const taken = new Map<string, ConfiguredAgent>();
    for (const row of rows) {
      const { name, id } = row;
      const agent = keyOf(name);
      if (this.#here.has(name) || this.#make === undefined) continue;
      try {
        if (registry.has(agent)) throw new Error('An agent of the code or of the environment has its name.');
        const made = await this.#make(configuredAgent({ ...row, headers: await this.#opened(row) }));
        registry.add(made);
        this.#here.set(name, id);
        this.#problems.delete(id);
        taken.set(agent, made);
        log.info({ agent }, 'a remote agent was connected');
      } catch (error) {
        const problem = messageOf(error);
        if (this.#problems.get(id) !== problem)
          log.warn({ agent, err: problem }, 'a connected agent is not usable here');
        this.#problems.set(id, problem);
      }
    }
    return taken;
  }

  async #sealed(headers: Readonly<Record<string, string>>): Promise<string | null> {
    if (Object.keys(headers).length === 0) return null;
    hideAsWell(withWords(Object.values(headers)));
    const seal = await this.#sealing();
    if (seal !== undefined) return seal.sealed(JSON.stringify(headers));
    throw new ContinuoError(
      'UNSUPPORTED_OPERATION',
      'This server has nothing to seal credentials with: set CONTINUO_SEALING_KEY to the same secret for all instances.',
    );
  }

  /** Throws Error when they can't be read here. */
  async #opened({ headers: sealed }: ConnectedAgentRow): Promise<Readonly<Record<string, string>>> {
    if (sealed === null) return {};
    const opened = (await this.#sealing())?.opened(sealed);
    if (opened === undefined) {
      throw new Error(
        'Its credentials were sealed with another CONTINUO_SEALING_KEY: disconnect it and connect it again.',
      );
    }
    const headers = JSON.parse(opened) as Readonly<Record<string, string>>;
    hideAsWell(withWords(Object.values(headers)));
    return headers;
  }

  #sealing(): Promise<Seal | undefined> {
    this.#seal ??= this.parts.sealingKey().then(
      (secret) => (secret === undefined ? undefined : new Seal(secret, PURPOSE)),
      (error: unknown) => {
        this.#seal = undefined;
        throw error;
      },
    );
    return this.#seal;
  }

  #infoOf(row: ConnectedAgentRow): ExternalAgentInfo {
    const { name, id, card, headerNames, patienceMs, owner, connectedAt } = row;
    const problem = this.#problems.get(id) ?? this.parts.cards.problemOf(keyOf(name));
    return {
      name,
      agent: keyOf(name),
      url: card,
      source: 'connected',
      headers: headerNames,
      patienceMs,
      connectedBy: owner,
      connectedAt: connectedAt.toISOString(),
      ...(problem === undefined ? {} : { problem }),
      cardChanged: this.parts.known.isOutdated(row),
    };
  }

  #infoOfSettings({ name, card, headers, patienceMs }: ExternalAgentSettings): ExternalAgentInfo {
    const problem = this.parts.cards.problemOf(keyOf(name));
    return {
      name,
      agent: keyOf(name),
      url: card,
      source: 'environment',
      headers: Object.keys(headers),
      patienceMs,
      ...(problem === undefined ? {} : { problem }),
      cardChanged: false,
    };
  }
}

function exists(name: string): ContinuoError {
  return new ContinuoError('AGENT_EXISTS', `There is an agent "${keyOf(name)}" already.`, { field: 'name' });
}
