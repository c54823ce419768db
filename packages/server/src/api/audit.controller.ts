/** `/audit`: who did what in the caller's tenant, for admins. */
import { Inject } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { auditActions } from '../auth/audit-log.js';
import { AuditLog, type AuditPage } from '../auth/read-audit.js';
import type { Caller } from '../platform/caller.js';
import { CallerLimits } from '../platform/caller-limits.js';
import { CallerWith } from './caller.js';
import { choiceIfGiven, moment, paging, text } from './query-parameters.js';
import { ApiController, Get, Query, Res } from './route-decorators.js';
import { sendPieces } from './send-pieces.js';

export const auditFilter = z.object({
  action: choiceIfGiven(auditActions).describe('What was done.'),
  owner: text.describe('Who did it.'),
  subject: text.describe('What it was done to.'),
  from: moment.describe('Not before.'),
  to: moment.describe('Before.'),
});

export const auditParameters = auditFilter.extend(paging);

@ApiController('audit')
export class AuditController {
  constructor(
    @Inject(AuditLog) private readonly log: AuditLog,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
  ) {}

  /** The newest first. */
  @Get()
  list(@CallerWith('admin') { tenant }: Caller, @Query() query: unknown): Promise<AuditPage> {
    const { pageSize: size, pageToken: token, ...filter } = parse(auditParameters, query);
    return this.log.list(tenant, filter, { size, token });
  }

  /** All of it, one JSON object a line, at the pace of the client. */
  @Get('export')
  async export(@CallerWith('admin') caller: Caller, @Query() query: unknown, @Res() response: Response): Promise<void> {
    const filter = parse(auditFilter, query);
    this.limits.countStream(caller, response);
    response.attachment('audit.ndjson').setHeader('Content-Type', 'application/x-ndjson');
    await sendPieces(this.log.lines(caller.tenant, filter), response);
  }
}
