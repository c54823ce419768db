/** `/page-text`: what a web page says, for clients that a browser keeps from reading it themselves. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { Caller } from '../platform/caller.js';
import type { Config } from '../platform/config.js';
import { Egress } from '../platform/egress/egress.js';
import { readPage, type WebPage } from '../platform/egress/read-page.js';
import { onlyFields } from '../platform/known-fields.js';
import { readBody } from '../platform/read-body.js';
import { CallerWith } from './caller.js';
import { ApiController, HttpCode, Post, Req, Res } from './route-decorators.js';

const URL_CHARACTERS = 2_048;

export const pageQuestion = onlyFields({
  url: z.string().min(1).max(URL_CHARACTERS).describe('An https:// URL; in local mode http:// as well.'),
});

@ApiController('page-text')
export class PageTextController {
  constructor(
    @Inject(Egress) private readonly egress: Egress,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(200)
  async read(
    @CallerWith('write') _caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebPage> {
    const { url } = parse(pageQuestion, await readBody(request, response, this.config));
    return readPage(url, this.egress);
  }
}
