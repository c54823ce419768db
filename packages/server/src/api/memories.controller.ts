/** `/memories`: what agents keep of the caller across sessions. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { memoryKind, memoryText, type Memory, type MemoryScope } from '@continuo/agent/internal/memories/memory.js';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { AGENT_KEY } from '@continuo/agent/internal/platform/agent-name.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { AgentCalls } from '../calls/agent-calls.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import { MemoriesService } from '../memories/memories.service.js';
import type { MemoryPage } from '../memories/memory-form.js';
import type { Caller } from '../platform/caller.js';
import { CallerLimits } from '../platform/caller-limits.js';
import type { BodyLimits } from '../platform/json-body.js';
import { onlyFields } from '../platform/known-fields.js';
import { Quotas } from '../tasks/quotas.js';
import { CallerWith } from './caller.js';
import { paging, search, text } from './query-parameters.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from './route-decorators.js';
import { sendPieces } from './send-pieces.js';

const EXPECTED_AGENT = 'expected an agent, as type/name';

const ofAgent = text
  .refine((value) => value === undefined || AGENT_KEY.test(value), { error: EXPECTED_AGENT })
  .describe('As `type/name`.');

export const memoryListParameters = z.object({ ...paging, q: search, agent: ofAgent });
export const memoryExportParameters = z.object({ agent: ofAgent });
export const newMemory = onlyFields({
  agent: z.string({ error: EXPECTED_AGENT }).regex(AGENT_KEY, EXPECTED_AGENT),
  text: memoryText,
  kind: memoryKind.nullish().transform((kind) => kind ?? 'fact'),
});
export const memoryChange = onlyFields({ text: memoryText.optional(), kind: memoryKind.optional() });

@ApiController('memories')
export class MemoriesController {
  constructor(
    @Inject(MemoriesService) private readonly memories: MemoriesService,
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(Quotas) private readonly quotas: Quotas,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
    @Inject(CONFIG) private readonly config: BodyLimits,
  ) {}

  @Get()
  list(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<MemoryPage> {
    const { pageSize: size, pageToken: token, q, agent } = parse(memoryListParameters, query);
    return this.memories.list(caller, { size, token, q, agent });
  }

  /** 201 with the memory; one of the same agent in the same words is renewed. */
  @Post()
  async create(
    @CallerWith('write') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Memory> {
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const { agent, ...memory } = parse(newMemory, await readBody(request, response, this.config));
    const scope = { tenant: caller.tenant, owner: caller.owner, agent };
    await this.#refuseInvented(scope);
    await this.quotas.checkStored(caller);
    const id = await this.idempotency.claim(caller, key, 'create a memory', { agent, ...memory });
    return this.memories.create(scope, memory, id);
  }

  /** All of them as JSON, at the pace of the client; one that breaks off is no JSON. */
  @Get('export')
  async export(@CallerWith('read') caller: Caller, @Query() query: unknown, @Res() response: Response): Promise<void> {
    const { agent } = parse(memoryExportParameters, query);
    this.limits.countStream(caller, response);
    response.type('json').attachment('memories.json');
    await sendPieces(this.memories.export(caller, agent), response);
  }

  /** What is absent stays. */
  @Patch(':id')
  async update(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Memory> {
    const change = parse(memoryChange, await readBody(request, response, this.config));
    if (change.text !== undefined) await this.quotas.checkStored(caller);
    return this.memories.update(caller, id, change);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<void> {
    await this.memories.remove(caller, id);
  }

  /** Each agent keeps so many of a caller: one that there is not, and never was, keeps none. */
  async #refuseInvented(scope: MemoryScope): Promise<void> {
    if ((await this.calls.knows(scope.agent)) || (await this.memories.hasAny(scope))) return;
    throw invalidArgument('agent', 'an agent of this server');
  }
}
