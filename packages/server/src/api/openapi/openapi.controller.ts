/** `/openapi.json`: the description of the HTTP API, for programs that make clients of it. */
import { Inject } from '@nestjs/common';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { Config } from '../../platform/config.js';
import { openApiDocument } from './document.js';
import { ApiController, Get } from '../route-decorators.js';

@ApiController('openapi.json')
export class OpenApiController {
  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'publicUrl' | 'auth' | 'jwtIssuer' | 'oauthFlows' | 'mtls'>,
  ) {}

  /** Paths are below CONTINUO_PUBLIC_URL, or below where the document itself was found; callers prove who they are as it is configured. */
  @Get()
  read(): Readonly<Record<string, unknown>> {
    const { publicUrl = '.', auth: schemes, jwtIssuer: issuer, oauthFlows, mtls } = this.config;
    return { ...openApiDocument({ schemes, issuer, oauthFlows, mtls }), servers: [{ url: publicUrl }] };
  }
}
