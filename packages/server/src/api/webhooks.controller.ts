/** `/webhooks`: subscriptions to the events of the caller's tasks. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { Caller } from '../platform/caller.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import type { WebhookPage } from '../webhooks/webhook-rows.js';
import type { Webhook, WebhookWithSecret } from '../webhooks/webhook.js';
import { WebhooksService, type TestResult } from '../webhooks/webhooks.service.js';
import { CallerWith } from './caller.js';
import { flag, paging } from './query-parameters.js';
import { readBody } from '../platform/read-body.js';
import { ApiController, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from './route-decorators.js';

export const webhookListParameters = z.object({
  ...paging,
  health: flag(false).describe('Whether each comes with how it fared in the last 24 hours.'),
});

@ApiController('webhooks')
export class WebhooksController {
  constructor(
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(CONFIG) private readonly config: BodyLimits,
  ) {}

  /** 201 with the webhook and, here alone, its secret. */
  @Post()
  async create(
    @CallerWith('write') caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookWithSecret> {
    const webhook = this.webhooks.parseNew(await this.#body(request, response));
    return this.webhooks.create(caller, webhook, await this.#claim(caller, request, 'create a webhook', webhook));
  }

  @Get()
  list(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<WebhookPage> {
    const { pageSize, pageToken, health } = parse(webhookListParameters, query);
    return this.webhooks.list(caller, { size: pageSize, token: pageToken }, health);
  }

  @Get(':id')
  read(@CallerWith('read') caller: Caller, @Param('id') id: string): Promise<Webhook> {
    return this.webhooks.get(caller, id);
  }

  /** What is absent stays, null takes a filter away. */
  @Patch(':id')
  async update(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Webhook> {
    return this.webhooks.update(caller, id, await this.#body(request, response));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<void> {
    await this.webhooks.remove(caller, id);
  }

  /** With the new secret; the old one signs beside it for `overlapSeconds`, a day without it. */
  @Post(':id\\:rotate')
  @HttpCode(200)
  async rotate(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookWithSecret> {
    const body = await this.#body(request, response);
    return this.webhooks.rotate(caller, id, body, await this.#claim(caller, request, 'rotate', { id, body }));
  }

  @Post(':id\\:pause')
  @HttpCode(200)
  pause(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<Webhook> {
    return this.webhooks.pause(caller, id);
  }

  @Post(':id\\:resume')
  @HttpCode(200)
  resume(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<Webhook> {
    return this.webhooks.resume(caller, id);
  }

  /** Sends a test event now, and answers with what came of it. */
  @Post(':id\\:test')
  @HttpCode(200)
  async test(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Req() request: Request,
  ): Promise<TestResult> {
    return this.webhooks.test(caller, id, await this.#claim(caller, request, 'test', { id }));
  }

  #body(request: Request, response: Response): Promise<unknown> {
    return readBody(request, response, this.config);
  }

  /** The id of what the request makes, when it comes with an idempotency key. */
  async #claim(caller: Caller, request: Request, operation: string, what: unknown): Promise<string | undefined> {
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    return this.idempotency.claim(caller, key, `${operation} (webhook)`, what);
  }
}
