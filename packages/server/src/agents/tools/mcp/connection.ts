/** What an MCP server offers, for all tasks together: its tools as they are now, and requests to it while it can be reached. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { z } from 'zod';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { McpServer } from '@continuo/agent/internal/platform/mcp-server.js';
import { cut } from '@continuo/agent/internal/platform/text.js';
import type { Egress } from '../../../platform/egress/egress.js';
import type { Log } from '../../../platform/log.js';
import { secretsOfServer } from '../../../platform/mcp-servers.js';
import { hiding, withWords } from '../../../platform/secrets.js';
import { allPages } from './all-pages.js';
import type { TokenStore } from './kept-tokens.js';
import { lossBy, TIMED_OUT } from './lost-session.js';
import { OfferedTools, type OfferedTool } from './offered-tools.js';
import { openClient } from './open-client.js';
import { SessionKeeper, type UseOptions } from './session-keeper.js';
import { Transports } from './transport.js';

export interface ConnectionParts {
  /** For the addresses that servers name. */
  readonly egress: Pick<Egress, 'fetch'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** For refresh tokens that replace those that are configured. */
  readonly tokens: TokenStore;
}

interface KnownTools {
  readonly tools: readonly OfferedTool[];
  /** Milliseconds; long ago when they are known to have changed. */
  readonly readAt: number;
}

interface Reading {
  readonly since: number;
  readonly tools: Promise<readonly OfferedTool[]>;
}

/** How long tasks wait for a server that is silent: the first ones, counted from when it was asked. */
const PATIENCE_MS = 10_000;
/** The same where there is a list, though an old one. */
const SHORT_PATIENCE_MS = 2_000;
const FRESH_MS = 10_000;
/** Between looks at a server that is away, the second twice as long as the first, and so on. */
const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 60_000;
const LIST_MS = 10_000;
const MOST_CHARACTERS = 1_000;

/** The server can't be reached, so that nothing was sent. */
export class ServerAway extends Error {
  constructor(server: string, reason: string, cause?: unknown) {
    super(`The MCP server "${server}" can't be reached: ${reason}`, { cause });
  }
}

export class McpConnection {
  readonly #transports: Transports;
  readonly #sessions: SessionKeeper;
  readonly #offered: OfferedTools;
  readonly #stop = new AbortController();
  #known: KnownTools | undefined;
  #reading: Reading | undefined;
  #changes = 0;
  /** Why it is left alone. */
  #away: ServerAway | undefined;

  constructor(
    readonly name: string,
    private readonly server: McpServer,
    private readonly parts: ConnectionParts,
  ) {
    this.#transports = new Transports(server, parts.egress, parts);
    this.#sessions = new SessionKeeper({
      open: async (events) => {
        try {
          return await openClient((doubted) => this.#transports.open(doubted), events, parts.clock);
        } catch (error) {
          throw this.#leaveAlone(error);
        }
      },
      outdated: () => this.#outdate(),
    });
    this.#offered = new OfferedTools(({ tool, reason }) =>
      parts.log.warn(
        { server: name, tool, reason },
        'a tool of an MCP server is left out: no model could be offered it',
      ),
    );
  }

  /**
   * Not older than ten seconds, unless the server takes long to say. Throws when it doesn't say at all: then nobody waits
   * for it until it was found again.
   */
  async tools(): Promise<readonly OfferedTool[]> {
    if (this.#away !== undefined) throw this.#away;
    const known = this.#known;
    const age = known === undefined ? Infinity : this.#now() - known.readAt;
    if (known !== undefined && age < FRESH_MS) return known.tools;
    this.#reading ??= this.#read();
    const { since, tools } = this.#reading;
    // A list that is only old is better than none.
    const patience = known === undefined || age === Infinity ? PATIENCE_MS : SHORT_PATIENCE_MS;
    const read = await this.#within(since + patience - this.#now(), tools);
    if (read !== undefined) return read;
    if (known !== undefined) return known.tools;
    throw new ServerAway(this.name, `it has not said within ${PATIENCE_MS} ms what its tools are.`);
  }

  /** Throws at once while the server is left alone; `again` as for sessions: whether it does no harm to ask twice. */
  async request<Result>(work: (client: Client) => Promise<Result>, options: UseOptions): Promise<Result> {
    if (this.#away !== undefined) throw this.#away;
    return this.#sessions.use(work, options);
  }

  /** What an error says, without what nobody else may see of how the server is reached. */
  wordsOf(error: unknown): string {
    const hide = hiding(withWords([...secretsOfServer(this.server), ...this.#transports.tokens]));
    const said = error instanceof z.core.$ZodError ? 'what it said is no message of MCP.' : messageOf(error);
    return cut(hide(said), MOST_CHARACTERS);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#sessions.close();
  }

  #read(): Reading {
    const tools = this.#readNow().finally(() => {
      this.#reading = undefined;
    });
    // Others may have waited long enough.
    tools.catch(() => undefined);
    return { since: this.#now(), tools };
  }

  async #readNow(): Promise<readonly OfferedTool[]> {
    const changes = this.#changes;
    try {
      const offers = await this.#sessions.use((client) => this.#offers(client), { again: true });
      const tools = this.#offered.judged(offers);
      this.#known = { tools, readAt: this.#changes === changes ? this.#now() : -Infinity };
      this.#away = undefined;
      return tools;
    } catch (error) {
      const known = this.#known;
      if (known === undefined || !this.#sessions.isBusy || lossBy(error) !== 'silent') throw this.#leaveAlone(error);
      this.#known = { ...known, readAt: this.#now() };
      return known.tools;
    }
  }

  #outdate(): void {
    this.#changes += 1;
    if (this.#known !== undefined) this.#known = { ...this.#known, readAt: -Infinity };
  }

  #leaveAlone(error: unknown): ServerAway {
    this.#known = undefined;
    const isFirst = this.#away === undefined;
    this.#away = error instanceof ServerAway ? error : new ServerAway(this.name, this.wordsOf(error), error);
    if (isFirst) void this.#lookOut();
    return this.#away;
  }

  /** Until the server answers again. */
  async #lookOut(): Promise<void> {
    for (let pause = FIRST_LOOK_MS; this.#away !== undefined; pause = Math.min(pause * 2, LAST_LOOK_MS)) {
      await this.parts.clock.sleep(pause, this.#stop.signal).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      this.#reading ??= this.#read();
      await this.#reading.tools.catch(() => undefined);
    }
  }

  async #offers(client: Client): Promise<readonly unknown[]> {
    const over = new AbortController();
    const late = new AbortController();
    this.parts.clock.sleep(LIST_MS, over.signal).then(
      () => late.abort(TIMED_OUT),
      () => undefined,
    );
    const options = { signal: late.signal, timeout: 2 * LIST_MS };
    try {
      return await allPages('tools/list', 'tools', (request, schema) => client.request(request, schema, options));
    } finally {
      over.abort();
    }
  }

  async #within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
    const over = new AbortController();
    const patience = this.parts.clock.sleep(Math.max(0, ms), over.signal).catch(() => undefined);
    try {
      return await Promise.race([work, patience.then(() => undefined)]);
    } finally {
      over.abort();
    }
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
