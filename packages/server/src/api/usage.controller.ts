/** `/usage`: what language models cost, by day, agent, session, task, model or owner. */
import { Inject } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isId } from '@continuo/agent/internal/platform/ids.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { day, FIRST_MS } from '@continuo/agent/internal/platform/ranges.js';
import { CLOCK } from '@continuo/agent/internal/platform/tokens.js';
import { callerOf } from '../auth/principal.js';
import type { Caller } from '../platform/caller.js';
import { usageKeys, type UsageKey, type UsageReport } from '../runs/usage/read-usage.js';
import { UsageService } from '../runs/usage/usage-service.js';
import { CallerWith } from './caller.js';
import { flag, text } from './query-parameters.js';
import { ApiController, Get, Query, Req } from './route-decorators.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_DAYS = 366;
const USUAL_DAYS = 30;

const EXPECTED_BY = `expected some of ${usageKeys.join(', ')}, separated by commas`;
const keys = text.transform((value = 'day', context): readonly UsageKey[] => {
  const named = [...new Set(value.split(',').map((key) => key.trim()))];
  const known = usageKeys.filter((key) => named.includes(key));
  if (known.length === named.length) return known;
  context.issues.push({ code: 'custom', input: value, message: EXPECTED_BY });
  return z.NEVER;
});
const dayText = text.pipe(day.optional()).meta({ parameter: { type: 'string', format: 'date' } });

export const usageParameters = z.object({
  by: keys
    .meta({ parameter: { type: 'array', items: { type: 'string', enum: [...usageKeys] }, default: ['day'] } })
    .describe('What it is put together by, separated by commas.'),
  from: dayText.describe('The first day, in UTC. Default: 29 days before the last.'),
  to: dayText.describe('The last day, in UTC. Default: today.'),
  agent: text.describe('As `type/name`.'),
  model: text.describe('As `provider/model`.'),
  sessionId: text,
  rootTaskId: text.describe('A task with all that it called.'),
  all: flag(false).describe('Of everybody in the tenant; for admins.'),
  owner: text.describe('Of one owner, where all is true.'),
});

@ApiController('usage')
export class UsageController {
  constructor(
    @Inject(UsageService) private readonly usage: UsageService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  read(@CallerWith('read') caller: Caller, @Query() query: unknown, @Req() request: Request): Promise<UsageReport> {
    const { by, agent, model, sessionId, rootTaskId, all, owner, ...days } = parse(usageParameters, query);
    if (all) callerOf(request, 'admin', caller.tenant);
    else if (owner !== undefined && owner !== caller.owner) throw invalidArgument('owner', 'all=true beside it');
    if (rootTaskId !== undefined && !isId(rootTaskId)) throw invalidArgument('rootTaskId', 'the id of a task');
    return this.usage.report({
      tenant: caller.tenant,
      owner: all ? owner : caller.owner,
      ...this.#range(days),
      by,
      agent,
      model,
      session: sessionId,
      rootTask: rootTaskId,
    });
  }

  #range(days: { readonly from?: string | undefined; readonly to?: string | undefined }) {
    const to = days.to ?? dayOf(this.clock.now().getTime());
    const from = days.from ?? dayOf(Math.max(FIRST_MS, Date.parse(to) - (USUAL_DAYS - 1) * DAY_MS));
    const length = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (length >= 1 && length <= MOST_DAYS) return { from, to };
    throw invalidArgument('from', `a day up to ${MOST_DAYS - 1} days before to`);
  }
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
