/** `/sessions/:id/shares`: with whom of their tenant owners share a session. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { Caller } from '../platform/caller.js';
import type { BodyLimits } from '../platform/json-body.js';
import { onlyFields } from '../platform/known-fields.js';
import { accesses, type SessionShare } from '../sessions/session.js';
import { SessionShares } from '../sessions/session-shares.js';
import { CallerWith } from './caller.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Delete, Get, HttpCode, Param, Post, Req, Res } from './route-decorators.js';

export const newShare = onlyFields({
  owner: z.string().min(1).max(256),
  access: z.enum(accesses, { error: `expected one of ${accesses.join(', ')}` }),
});

@ApiController('sessions/:id/shares')
export class SessionSharesController {
  constructor(
    @Inject(SessionShares) private readonly shares: SessionShares,
    @Inject(CONFIG) private readonly config: BodyLimits,
  ) {}

  @Get()
  async list(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
  ): Promise<{ readonly shares: readonly SessionShare[] }> {
    return { shares: await this.shares.list(caller, id) };
  }

  /** Repeating it changes nothing, and another `access` takes the place of the one before. */
  @Post()
  async share(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionShare> {
    const body = parse(newShare, await readBody(request, response, this.config));
    return this.shares.share(caller, id, body.owner, body.access);
  }

  @Delete(':owner')
  @HttpCode(204)
  unshare(@CallerWith('write') caller: Caller, @Param('id') id: string, @Param('owner') owner: string): Promise<void> {
    return this.shares.unshare(caller, id, owner);
  }
}
