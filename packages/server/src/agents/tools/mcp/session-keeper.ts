/** The session with one MCP server: opened when it is first needed, and anew after it was lost, in whatever way. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { lossBy } from './lost-session.js';

/** How long a server may take to say that it is there. */
const PING_MS = 5_000;
const METHOD_NOT_FOUND: number = ErrorCode.MethodNotFound;

/** What may happen to an open connection. */
export interface ConnectionEvents {
  readonly closed: () => void;
  /** Something after which the server may know nothing of the session. */
  readonly doubted: () => void;
  /** The server says that its tools have changed. */
  readonly changed: () => void;
  /** Aborted when nobody wants the connection any more. */
  readonly stop: AbortSignal;
}

export interface UseOptions {
  /** Whether to do it in a new session also when the server may have done it. */
  readonly again: boolean;
  readonly signal?: AbortSignal;
}

interface Session {
  readonly client: Client;
  /** On their way. */
  requests: number;
  isLost: boolean;
  /** Asked when there is a doubt. A server that is silent may be at work. */
  state?: Promise<'alive' | 'silent' | 'gone'>;
}

interface KeeperParts {
  readonly open: (events: ConnectionEvents) => Promise<Client>;
  /** Told when there is no session any more, and when the server says that its tools have changed. */
  readonly outdated: () => void;
}

export class SessionKeeper {
  readonly #stop = new AbortController();
  #opening: Promise<Session> | undefined;
  #current: Session | undefined;

  constructor(private readonly parts: KeeperParts) {}

  /**
   * What `work` gives. What the server has refused, as it doesn't know the session, is asked once more, in a new one.
   * Throws what `work` throws, and what opening throws; after a failure that may be the session's the next use finds out.
   */
  async use<Result>(work: (client: Client) => Promise<Result>, { again, signal }: UseOptions): Promise<Result> {
    for (let isFirst = true; ; isFirst = false) {
      const session = await this.#usable();
      session.requests += 1;
      try {
        return await work(session.client);
      } catch (error) {
        if (signal?.aborted === true) throw error;
        const loss = lossBy(error);
        if (loss === 'doubtful') doubt(session);
        else if (loss !== 'silent' || session.requests === 1) this.#lose(session);
        const isSafe = loss === 'refused' || (again && loss !== 'silent' && (await isGone(session)));
        if (!isFirst || !isSafe) throw error;
      } finally {
        session.requests -= 1;
        closeIdle(session);
      }
    }
  }

  /** Whether a request is on its way: some servers say nothing else until they have answered it. */
  get isBusy(): boolean {
    return this.#current !== undefined && this.#current.requests > 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const session = await this.#opening?.catch(() => undefined);
    if (session === undefined) return;
    this.#lose(session);
    await session.client.close();
  }

  async #usable(): Promise<Session> {
    this.#opening ??= this.#open();
    const session = await this.#opening;
    if (!(await isGone(session))) return session;
    this.#lose(session);
    return this.#usable();
  }

  #open(): Promise<Session> {
    let session: Session | undefined;
    const opening = this.parts
      .open({
        closed: () => session !== undefined && this.#lose(session),
        doubted: () => session !== undefined && void this.#check(session),
        changed: this.parts.outdated,
        stop: this.#stop.signal,
      })
      .then((client) => {
        session = { client, requests: 0, isLost: false };
        this.#current = session;
        return session;
      });
    opening.catch(() => {
      this.#opening = undefined;
    });
    return opening;
  }

  /** Nothing more comes of a session that is gone: who waits for an answer is told. */
  async #check(session: Session): Promise<void> {
    doubt(session);
    if ((await session.state) !== 'gone') return;
    this.#lose(session);
    await session.client.close();
  }

  /** What is on its way over it may still be answered. */
  #lose(session: Session): void {
    if (session.isLost) return;
    session.isLost = true;
    if (this.#current === session) {
      this.#current = undefined;
      this.#opening = undefined;
      this.parts.outdated();
    }
    closeIdle(session);
  }
}

function closeIdle({ isLost, requests, client }: Session): void {
  if (isLost && requests === 0) void client.close().catch(() => undefined);
}

function doubt(session: Session): void {
  session.state = session.client.ping({ timeout: PING_MS }).then(
    () => 'alive',
    (error: unknown) => {
      if (!(error instanceof McpError)) return 'gone';
      // Not every server knows of pings.
      if (error.code === METHOD_NOT_FOUND) return 'alive';
      return lossBy(error) === 'silent' ? 'silent' : 'gone';
    },
  );
}

async function isGone({ isLost, requests, state }: Session): Promise<boolean> {
  if (isLost || state === undefined) return isLost;
  const found = await state;
  return found === 'gone' || (found === 'silent' && requests === 0);
}
