/** `/webhooks`: subscriptions to the events of the caller's tasks. */
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { localCaller } from '../platform/caller.js';
import type { Config } from '../platform/config.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../platform/idempotency.js';
import { parse } from '../platform/parse.js';
import { CONFIG } from '../platform/tokens.js';
import type { WebhookPage } from '../webhooks/webhook-rows.js';
import type { Webhook, WebhookWithSecret } from '../webhooks/webhook.js';
import { WebhooksService, type TestResult } from '../webhooks/webhooks.service.js';
import { ErrorFilter } from './error-filter.js';
import { paging } from './query-parameters.js';
import { readBody } from './read-body.js';

const listParameters = z.object(paging);

@Controller('webhooks')
@UseFilters(ErrorFilter)
export class WebhooksController {
  constructor(
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(CONFIG) private readonly config: Pick<Config, 'bodyLimitBytes'>,
  ) {}

  /** 201 with the webhook and, here alone, its secret. */
  @Post()
  async create(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<WebhookWithSecret> {
    const webhook = this.webhooks.parseNew(await this.#body(request, response));
    return this.webhooks.create(localCaller(), webhook, await this.#claim(request, 'create a webhook', webhook));
  }

  @Get()
  list(@Query() query: unknown): Promise<WebhookPage> {
    const { pageSize, pageToken } = parse(listParameters, query);
    return this.webhooks.list(localCaller(), { size: pageSize, token: pageToken });
  }

  @Get(':id')
  read(@Param('id') id: string): Promise<Webhook> {
    return this.webhooks.get(localCaller(), id);
  }

  /** What is absent stays, null takes a filter away. */
  @Patch(':id')
  async update(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Webhook> {
    return this.webhooks.update(localCaller(), id, await this.#body(request, response));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.webhooks.remove(localCaller(), id);
  }

  /** With the new secret; the old one signs beside it for `overlapSeconds`, a day without it. */
  @Post(':id\\:rotate')
  @HttpCode(200)
  async rotate(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookWithSecret> {
    const body = await this.#body(request, response);
    return this.webhooks.rotate(localCaller(), id, body, await this.#claim(request, 'rotate', { id, body }));
  }

  @Post(':id\\:pause')
  @HttpCode(200)
  pause(@Param('id') id: string): Promise<Webhook> {
    return this.webhooks.pause(localCaller(), id);
  }

  @Post(':id\\:resume')
  @HttpCode(200)
  resume(@Param('id') id: string): Promise<Webhook> {
    return this.webhooks.resume(localCaller(), id);
  }

  /** Sends a test event now, and answers with what came of it. */
  @Post(':id\\:test')
  @HttpCode(200)
  async test(@Param('id') id: string, @Req() request: Request): Promise<TestResult> {
    return this.webhooks.test(localCaller(), id, await this.#claim(request, 'test', { id }));
  }

  #body(request: Request, response: Response): Promise<unknown> {
    return readBody(request, response, this.config.bodyLimitBytes);
  }

  /** The id of what the request makes, when it comes with an idempotency key. */
  async #claim(request: Request, operation: string, what: unknown): Promise<string | undefined> {
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    return key === undefined ? undefined : this.idempotency.claim(localCaller(), key, `${operation} (webhook)`, what);
  }
}
