/** `/external-agents`: agents of other servers, which administrators connect and disconnect while the server runs. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { CardTrust } from '../agents/external/card-trust.js';
import { checkCard, type CheckedCard, type JudgedCard } from '../agents/external/check-card.js';
import { ConnectedAgents, type ExternalAgentInfo } from '../agents/external/connected-agents.js';
import { acceptedCard, cardQuestion, newConnection } from '../agents/external/connection-options.js';
import { KnownCards, type ChangesOfCard } from '../agents/external/known-cards.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import { localCaller, type Caller } from '../platform/caller.js';
import type { Config } from '../platform/config.js';
import { Egress } from '../platform/egress/egress.js';
import { CallerWith } from './caller.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Delete, Get, HttpCode, Param, Post, Req, Res } from './route-decorators.js';

export interface ExternalAgentList {
  readonly agents: readonly ExternalAgentInfo[];
}

@ApiController('external-agents')
export class ExternalAgentsController {
  constructor(
    @Inject(ConnectedAgents) private readonly connected: ConnectedAgents,
    @Inject(KnownCards) private readonly known: KnownCards,
    @Inject(Egress) private readonly egress: Egress,
    @Inject(CardTrust) private readonly trust: CardTrust,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async list(@CallerWith('admin') caller: Caller): Promise<ExternalAgentList> {
    this.#requireOperator(caller);
    return { agents: await this.connected.list(this.config.externalAgents) };
  }

  /** 201 as soon as it can be called here. A repeated Idempotency-Key answers with the same agent, also when it is away by then. */
  @Post()
  async connect(
    @CallerWith('admin') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ExternalAgentInfo> {
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const body = parse(newConnection, await readBody(request, response, this.config));
    this.#requireOperator(caller);
    this.egress.check(body.url, 'url');
    const id = await this.idempotency.claim(caller, key, 'connect an agent', body);
    const made = await this.connected.made(body.name, id);
    if (made !== undefined) return made;
    await this.connected.requireFree(body.name);
    const { checked, card } = await this.#judged(body.url, body.headers);
    if (card !== undefined) return this.connected.connect(caller, body, { url: checked.card, card }, id);
    const expected = 'the address of an agent that can be called';
    throw new ContinuoError('INVALID_ARGUMENT', `url: ${checked.error ?? 'it is no agent'}`, {
      field: 'url',
      expected,
    });
  }

  /** What is at an address; nothing is kept. */
  @Post('check')
  @HttpCode(200)
  async check(
    @CallerWith('admin') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CheckedCard> {
    const { url, headers } = parse(cardQuestion, await readBody(request, response, this.config));
    this.#requireOperator(caller);
    this.egress.check(url, 'url');
    return (await this.#judged(url, headers)).checked;
  }

  /** What its card says otherwise than when it was connected or accepted last. */
  @Get(':name/card')
  async changes(@CallerWith('admin') caller: Caller, @Param('name') name: string): Promise<ChangesOfCard> {
    this.#requireOperator(caller);
    return this.known.changes(name);
  }

  /** What its card says now is known from here on. */
  @Post(':name/card')
  @HttpCode(204)
  async accept(
    @CallerWith('admin') caller: Caller,
    @Param('name') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { digest } = parse(acceptedCard, await readBody(request, response, this.config));
    this.#requireOperator(caller);
    await this.known.accept(caller, name, digest);
  }

  /** Its open tasks are held until it is connected again. */
  @Delete(':name')
  @HttpCode(204)
  async disconnect(@CallerWith('admin') caller: Caller, @Param('name') name: string): Promise<void> {
    this.#requireOperator(caller);
    if (this.config.externalAgents.some((agent) => agent.name === name)) {
      throw new ContinuoError(
        'UNSUPPORTED_OPERATION',
        `"external/${name}" comes from CONTINUO_EXTERNAL_AGENTS: take it out there.`,
      );
    }
    await this.connected.disconnect(caller, name);
  }

  #judged(url: string, headers: Readonly<Record<string, string>> | null | undefined): Promise<JudgedCard> {
    return checkCard(url, headers ?? {}, { egress: this.egress, trust: this.trust });
  }

  /** Agents are everybody's, and orchestrators of all tenants send them what users say: whoever runs the server decides. */
  #requireOperator({ tenant }: Caller): void {
    if (this.config.auth.length === 0 || tenant === localCaller().tenant) return;
    throw new ContinuoError(
      'PERMISSION_DENIED',
      `External agents are offered to all tenants: administrators of the tenant "${localCaller().tenant}" connect them.`,
    );
  }
}
