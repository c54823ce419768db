/** `/healthz` and `/readyz`: what orchestrators ask before they restart an instance or send it requests. */
import { Inject } from '@nestjs/common';
import { Readiness } from '../platform/readiness.js';
import { ApiController, Get } from './route-decorators.js';

@ApiController()
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
