/** `/healthz` and `/readyz`: what orchestrators ask before they restart an instance or send it requests. */
import { Get, Inject, UseFilters } from '@nestjs/common';
import { ApiController } from './api-controller.js';
import { Readiness } from '../platform/readiness.js';
import { ErrorFilter } from './error-filter.js';

@ApiController()
@UseFilters(ErrorFilter)
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** The process answers. */
  @Get('healthz')
  alive(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** The database answers as well, and the server isn't stopping. */
  @Get('readyz')
  async ready(): Promise<{ readonly status: 'ready' }> {
    await this.readiness.check();
    return { status: 'ready' };
  }
}
