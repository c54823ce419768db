/** The stand-alone server: a Nest application with nothing but Continuo in it. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ErrorFilter } from './api/error-filter.js';
import { ContinuoModule, type ContinuoOptions } from './continuo.module.js';
import type { Config } from './platform/config.js';
import { CONFIG } from './platform/tokens.js';

export interface RunningServer {
  readonly url: string;
  /** Drains, hands over what is left, and stops. */
  stop(): Promise<void>;
}

/** Resolves when the server listens and is ready. */
export async function startServer(options: ContinuoOptions): Promise<RunningServer> {
  const app = await NestFactory.create<NestExpressApplication>(ContinuoModule.forRoot(options), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.useGlobalFilters(app.get(ErrorFilter));
  const config = app.get<Config>(CONFIG);
  const server: Server = app.getHttpServer();
  server.requestTimeout = config.requestTimeoutMs;
  await app.listen(config.port, config.host);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { url: `http://${host}:${port}`, stop: () => app.close() };
}
