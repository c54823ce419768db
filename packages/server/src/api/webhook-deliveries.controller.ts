/** `/webhooks/deliveries`: what was sent to whom, how often and with what result, and sending it again. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { time } from '@continuo/agent/internal/platform/ranges.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { Caller } from '../platform/caller.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import { onlyFields } from '../platform/known-fields.js';
import { deliveryStatuses, type DeliveryPage, type DeliveryWithAttempts } from '../webhooks/list-deliveries.js';
import { WebhooksService, type DeliveryRequest } from '../webhooks/webhooks.service.js';
import { CallerWith } from './caller.js';
import { choiceIfGiven, paging, text } from './query-parameters.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Get, HttpCode, Param, Post, Query, Req, Res } from './route-decorators.js';

export const deliveryListParameters = z.object({
  ...paging,
  taskId: text,
  endpoint: text.describe('The id of a webhook.'),
  status: choiceIfGiven(deliveryStatuses),
});

const bound = time.nullish().transform((value) => value?.toISOString() ?? null);
export const givenUp = onlyFields({
  endpoint: z.string().min(1),
  status: z.enum(['dead', 'dropped'], { error: "expected 'dead' or 'dropped'" }).default('dead'),
  after: bound,
  before: bound,
});

@ApiController('webhooks')
export class WebhookDeliveriesController {
  constructor(
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(CONFIG) private readonly config: BodyLimits,
  ) {}

  /** The newest first. */
  @Get('deliveries')
  list(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<DeliveryPage> {
    const { pageSize, pageToken, taskId, endpoint, status } = parse(deliveryListParameters, query);
    const filter = { taskId, webhookId: endpoint, status };
    return this.webhooks.deliveries(caller, filter, { size: pageSize, token: pageToken });
  }

  @Get('deliveries/:id')
  read(@CallerWith('read') caller: Caller, @Param('id') id: string): Promise<DeliveryWithAttempts> {
    return this.webhooks.delivery(caller, id);
  }

  /** Signed, so for whoever may send it again as well. */
  @Get('deliveries/:id/request')
  request(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<DeliveryRequest> {
    return this.webhooks.deliveryRequest(caller, id);
  }

  @Post('deliveries/:id\\:redeliver')
  @HttpCode(200)
  async redeliver(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
  ): Promise<DeliveryWithAttempts> {
    return this.webhooks.redeliver(caller, id, await this.#claim(caller, request, { id }));
  }

  /** What was given up, of one endpoint, `after` and `before` the times when it was recorded. */
  @Post('deliveries\\:redeliver')
  @HttpCode(200)
  async redeliverAll(
    @CallerWith('write') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ readonly redelivered: number }> {
    const body = parse(givenUp, await readBody(request, response, this.config));
    const { endpoint: webhookId, ...which } = body;
    const claimed = await this.#claim(caller, request, body);
    return { redelivered: await this.webhooks.redeliverAll(caller, { webhookId, ...which }, claimed) };
  }

  /** The id of the redelivery, when the request comes with an idempotency key. */
  async #claim(caller: Caller, request: Request, what: unknown): Promise<string | undefined> {
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    return this.idempotency.claim(caller, key, 'redeliver (webhook)', what);
  }
}
