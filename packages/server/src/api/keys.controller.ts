/** `/keys`: the API keys of the caller's tenant, for admins. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { ApiKeys, type ApiKeyPage, type NewApiKey } from '../auth/api-keys.js';
import { keyRequest, newKey } from '../auth/key-request.js';
import type { Caller } from '../platform/caller.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import { CallerWith } from './caller.js';
import { paging } from './query-parameters.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from './route-decorators.js';

export const keyListParameters = z.object(paging);

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
    const id = await this.idempotency.claim(caller, idempotent, 'create a key', body);
    return this.keys.create(keyRequest(body, caller.tenant), id, caller);
  }

  /** The key opens nothing any more, on any instance; it stays in the list. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@CallerWith('admin') caller: Caller, @Param('id') id: string): Promise<void> {
    return this.keys.revoke(caller.tenant, id, caller);
  }
}
