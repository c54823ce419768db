/** `/keys`: the API keys of the caller's tenant, for admins. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { time } from '@continuo/agent/internal/platform/ranges.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { ApiKeys, type ApiKeyPage, type NewApiKey } from '../auth/api-keys.js';
import { scopes, type Caller } from '../platform/caller.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import { onlyFields } from '../platform/known-fields.js';
import { CallerWith } from './caller.js';
import { paging } from './query-parameters.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from './route-decorators.js';

export const keyListParameters = z.object(paging);

/** Each may be named more than once. */
const MOST_SCOPES = 10;

const name = z.string().min(1).max(256);
export const newKey = onlyFields({
  owner: name,
  name: name.nullish(),
  scopes: listOf(z.enum(scopes, { error: `expected one of ${scopes.join(', ')}` }), {
    min: 1,
    max: MOST_SCOPES,
    tooFew: 'expected a scope',
  }),
  agents: listOf(
    z
      .string()
      .max(256)
      .regex(/^[^/]+\/[^/]+$/, 'expected type/name'),
    {
      min: 1,
      tooFew: 'expected an agent, or none of this field',
    },
  ).nullish(),
  expiresAt: time.nullish(),
});

@ApiController('keys')
export class KeysController {
  constructor(
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(CONFIG) private readonly config: BodyLimits,
  ) {}

  @Get()
  list(@CallerWith('admin') { tenant }: Caller, @Query() query: unknown): Promise<ApiKeyPage> {
    const { pageSize, pageToken } = parse(keyListParameters, query);
    return this.keys.list(tenant, { size: pageSize, token: pageToken });
  }

  /** 201 with the key, which is shown this once; a repeated Idempotency-Key answers without it. */
  @Post()
  async create(
    @CallerWith('admin') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<NewApiKey> {
    const idempotent = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const body = parse(newKey, await readBody(request, response, this.config));
    const wanted = {
      tenant: caller.tenant,
      owner: body.owner,
      name: body.name ?? body.owner,
      scopes: scopes.filter((scope) => body.scopes.includes(scope)),
      agents: body.agents ?? undefined,
      expiresAt: body.expiresAt ?? undefined,
    };
    const id = await this.idempotency.claim(caller, idempotent, 'create a key', body);
    return this.keys.create(wanted, id, caller);
  }

  /** The key opens nothing any more, on any instance; it stays in the list. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@CallerWith('admin') caller: Caller, @Param('id') id: string): Promise<void> {
    return this.keys.revoke(caller.tenant, id, caller);
  }
}
