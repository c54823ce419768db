/** `/metrics`: what Prometheus scrapes, for admins. */
import { Inject } from '@nestjs/common';
import type { Response } from 'express';
import type { Caller } from '../platform/caller.js';
import { METRICS_TYPE, MetricsPage } from '../platform/metrics/metrics-page.js';
import { CallerWith } from './caller.js';
import { ApiController, Get, Res } from './route-decorators.js';

@ApiController('metrics')
export class MetricsController {
  constructor(@Inject(MetricsPage) private readonly page: MetricsPage) {}

  @Get()
  async read(@CallerWith('admin') _admin: Caller, @Res() response: Response): Promise<void> {
    const text = await this.page.text();
    response.setHeader('Content-Type', METRICS_TYPE).send(text);
  }
}
