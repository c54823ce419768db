/** `client.sessions`: conversations, what was said in them, and what agents keep there. */
import type {
  Operations,
  Session,
  SessionExport,
  SessionMessage,
  SessionShare,
  SessionState,
} from './schema.generated.js';
import { followFeed, type FeedOptions, type TaskEvent } from './task-events.js';
import type { Owned } from './tasks.js';
import type { Answer, CallOptions, Given, Transport } from './transport.js';

type Query<Id extends keyof Operations> = NonNullable<Operations[Id] extends { query?: infer Q } ? Q : never>;

/** Conversations: `client.sessions`. */
export class SessionsClient {
  /** @internal */
  constructor(private readonly transport: Transport) {}

  /** One page, newest change first; `shared`: those that others share. */
  list(query: Query<'listSessions'> = {}, options?: CallOptions): Promise<Answer<'listSessions'>> {
    return this.transport.call('listSessions', { query }, options);
  }

  /** Makes a session. */
  create(session: Given<'createSession'>['body'] = {}, options?: CallOptions): Promise<Session> {
    return this.transport.call('createSession', { body: session }, options);
  }

  /** Throws ContinuoApiError: `SESSION_NOT_FOUND`. */
  get(id: string, { owner, ...options }: CallOptions & Owned = {}): Promise<Session> {
    return this.transport.call('getSession', { path: { id }, query: { owner } }, options);
  }

  /** What is absent stays, null removes. */
  update(id: string, change: Given<'updateSession'>['body'], options?: CallOptions): Promise<Session> {
    return this.transport.call('updateSession', { path: { id }, body: change }, options);
  }

  /** With its messages and tasks; what still runs is cancelled. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.transport.call('deleteSession', { path: { id } }, options);
  }

  /** A new session with what was said in this one, up to a message or all of it. */
  fork(
    id: string,
    fork: Given<'forkSession'>['body'] = {},
    { owner, ...options }: CallOptions & Owned = {},
  ): Promise<Session> {
    return this.transport.call('forkSession', { path: { id }, query: { owner }, body: fork }, options);
  }

  /** One page of what was said, oldest first unless `order` is `desc`. */
  messages(id: string, query: Query<'listMessages'> = {}, options?: CallOptions): Promise<Answer<'listMessages'>> {
    return this.transport.call('listMessages', { path: { id }, query }, options);
  }

  /** All that was said, oldest first. */
  async *allMessages(
    id: string,
    { owner, ...options }: CallOptions & Owned = {},
  ): AsyncGenerator<SessionMessage, void> {
    for (let pageToken = ''; ;) {
      const page: Answer<'listMessages'> = await this.messages(id, { owner, pageToken, pageSize: 100 }, options);
      yield* page.messages;
      pageToken = page.nextPageToken;
      if (pageToken === '') return;
    }
  }

  /** What agents keep in the session, by name. */
  state(id: string, { owner, ...options }: CallOptions & Owned = {}): Promise<SessionState> {
    return this.transport.call('getSessionState', { path: { id }, query: { owner } }, options);
  }

  /** Sets values; null removes one. */
  changeState(id: string, change: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<SessionState> {
    return this.transport.call('updateSessionState', { path: { id }, body: change }, options);
  }

  /** The session with its messages, tasks and state, in one piece. */
  export(id: string, { owner, ...options }: CallOptions & Owned = {}): Promise<SessionExport> {
    return this.transport.call('exportSession', { path: { id }, query: { owner } }, options);
  }

  /**
   * What happens to the tasks of the session, from its first event on or behind `after`: each event once and in order.
   * Ends with `signal` alone.
   */
  events(id: string, { owner, ...options }: FeedOptions & Owned = {}): AsyncGenerator<TaskEvent, void> {
    return followFeed(this.transport, { ...options, url: this.transport.urlOf('followSession', { id }, { owner }) });
  }

  /** With whom it is shared, for its owner. */
  async shares(id: string, options?: CallOptions): Promise<readonly SessionShare[]> {
    return (await this.transport.call('listShares', { path: { id } }, options)).shares;
  }

  /** Shares it with another owner of the tenant; another `access` takes the place of the one before. */
  share(id: string, share: Given<'shareSession'>['body'], options?: CallOptions): Promise<SessionShare> {
    return this.transport.call('shareSession', { path: { id }, body: share }, options);
  }

  /** Ends what was shared with `owner`. */
  async unshare(id: string, owner: string, options?: CallOptions): Promise<void> {
    await this.transport.call('unshareSession', { path: { id, owner } }, options);
  }
}
