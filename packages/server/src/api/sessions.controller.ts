/** `/sessions`: conversations, their messages, and search over both. */
import { Inject, Optional } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { SessionTitles } from '../agents/titles/session-titles.js';
import { AgentCalls } from '../calls/agent-calls.js';
import { forkSession } from '../calls/fork-session.js';
import { removeSession } from '../calls/remove-session.js';
import type { Caller } from '../platform/caller.js';
import { CallerLimits } from '../platform/caller-limits.js';
import type { Config } from '../platform/config.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import { SessionEraser } from '../retention/erase.js';
import type { MessagePage, Session, SessionPage, SessionState } from '../sessions/session.js';
import { sessionKey } from '../sessions/append-messages.js';
import { SessionShares } from '../sessions/session-shares.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SessionExport } from '../tasks/export-session.js';
import { Quotas } from '../tasks/quotas.js';
import { BEGINNING } from '../tasks/read-feed.js';
import { TasksService } from '../tasks/tasks-service.js';
import { CallerWith } from './caller.js';
import { SharedAccess } from './shared-access.js';
import {
  listParameters,
  messageParameters,
  newFork,
  newSession,
  sessionChange,
  stateChange,
} from './session-requests.js';
import { sendFeed } from './send-feed.js';
import { sendPieces } from './send-pieces.js';
import { readBody } from '../platform/read-body.js';
import {
  ApiController,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from './route-decorators.js';

@ApiController('sessions')
export class SessionsController {
  constructor(
    @Optional() @Inject(SessionsService) private readonly kept: SessionsService | undefined,
    @Inject(SessionShares) private readonly shares: SessionShares,
    @Inject(SharedAccess) private readonly access: SharedAccess,
    @Inject(SessionEraser) private readonly eraser: SessionEraser,
    @Inject(SessionTitles) private readonly titles: SessionTitles,
    @Inject(SessionExport) private readonly exporter: SessionExport,
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(TasksService) private readonly tasks: TasksService,
    @Inject(Quotas) private readonly quotas: Quotas,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
    @Inject(CONFIG) private readonly config: BodyLimits & Pick<Config, 'sseHeartbeatMs'>,
  ) {}

  /** The caller's own, or those that others share with the caller. */
  @Get()
  list(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<SessionPage> {
    const { pageSize: size, pageToken: token, q, shared } = parse(listParameters, query);
    const sessions = this.#sessions();
    if (!shared) return sessions.list(caller, { size, token, q });
    if (q !== undefined) throw invalidArgument('q', 'nothing beside shared=true');
    return this.shares.sharedWith(caller, { size, token });
  }

  @Post()
  async create(
    @CallerWith('write') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    const sessions = this.#sessions();
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const session = parse(newSession, (await readBody(request, response, this.config)) ?? {});
    await this.quotas.checkStored(caller);
    return sessions.create(caller, session, await this.idempotency.claim(caller, key, 'create a session', session));
  }

  @Get(':id')
  async read(@CallerWith('read') caller: Caller, @Param('id') id: string, @Query() query: unknown): Promise<Session> {
    return this.#sessions().get(await this.access.toSession(caller, query, id, 'read'), id);
  }

  /** `title` and `metadata`: what is absent stays, null removes. */
  @Patch(':id')
  async update(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    const sessions = this.#sessions();
    const change = parse(sessionChange, await readBody(request, response, this.config));
    if (change.metadata != null) await this.quotas.checkStored(caller);
    return sessions.update(caller, id, change);
  }

  /** Cancels what still runs in the session, then removes it with its messages and tasks. */
  @Delete(':id')
  @HttpCode(204)
  async remove(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<void> {
    await removeSession({ calls: this.calls, eraser: this.eraser, sessions: this.#sessions() }, caller, id);
  }

  /** A new session with what was said here up to `messageId`, or with all of it. */
  @Post(':id\\:fork')
  async fork(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    const sessions = this.#sessions();
    const from = await this.access.toSession(caller, query, id, 'read');
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const about = parse(newFork, (await readBody(request, response, this.config)) ?? {});
    const parts = { sessions, idempotency: this.idempotency, quotas: this.quotas };
    return forkSession(parts, caller, { from, contextId: id, ...about }, key);
  }

  /** Has the model write a title from the first question and answer; nothing is answered, as it may take a while. */
  @Post(':id\\:title')
  @HttpCode(204)
  async title(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<void> {
    this.#sessions();
    await this.titles.write(caller, id);
  }

  /** What agents keep in the session: their values by name. */
  @Get(':id/state')
  async state(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<SessionState> {
    return this.#sessions().state(await this.access.toSession(caller, query, id, 'read'), id);
  }

  @Patch(':id/state')
  async changeState(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionState> {
    const sessions = this.#sessions();
    const body = await readBody(request, response, this.config);
    const change = parse(stateChange, body);
    await this.quotas.checkStored(caller);
    return sessions.changeState(caller, id, change);
  }

  @Get(':id/messages')
  async messages(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<MessagePage> {
    const { pageSize, pageToken, order } = parse(messageParameters, query);
    const whose = await this.access.toSession(caller, query, id, 'read');
    return this.#sessions().messages(whose, id, { size: pageSize, token: pageToken, order });
  }

  /** The events of all of the session's tasks as one SSE stream, from the first on or after `Last-Event-ID`. */
  @Get(':id/events')
  async events(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers('last-event-id') header: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const check = (): Promise<Caller> => this.access.toSession(caller, query, id, 'read');
    const whose = await this.access.whileOpen(caller, response, check);
    await this.#sessions().get(whose, id);
    this.limits.countStream(caller, response);
    const scope = { caller: whose, sessionId: sessionKey(whose, id) };
    await sendFeed(this.tasks, scope, header, response, this.config, BEGINNING);
  }

  /** All of the session as JSON, at the pace of the client; one that breaks off is no JSON. */
  @Get(':id/export')
  async export(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const check = (): Promise<Caller> => this.access.toSession(caller, query, id, 'read');
    const whose = await this.access.whileOpen(caller, response, check);
    const session = await this.#sessions().get(whose, id);
    this.limits.countStream(caller, response);
    response.type('json').attachment(`session-${encodeURIComponent(session.id)}.json`);
    await sendPieces(this.exporter.read(whose, session, whose !== caller), response);
  }

  #sessions(): SessionsService {
    if (this.kept !== undefined) return this.kept;
    throw new ContinuoError('UNSUPPORTED_OPERATION', 'This server keeps no sessions (CONTINUO_SESSIONS is false).');
  }
}
