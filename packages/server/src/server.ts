/** The stand-alone server: a Nest application with nothing but Continuo in it. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { consoleFiles } from './api/console-files.js';
import { ErrorFilter } from './api/error-filter.js';
import { ContinuoModule, type ContinuoOptions } from './continuo.module.js';
import type { Config } from './platform/config.js';
import type { Log } from './platform/log.js';
import { corsFor, securityHeaders } from './platform/http-security.js';
import { CONFIG, LOG } from './platform/tokens.js';

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
  const config = app.get<Config>(CONFIG);
  app.disable('x-powered-by');
  app.use(securityHeaders(config));
  if (config.corsOrigins.length > 0) app.enableCors(corsFor(config.corsOrigins));
  const files = consoleFiles();
  if (files !== undefined) app.use(files);
  app.useGlobalFilters(app.get(ErrorFilter));
  const server: Server = app.getHttpServer();
  server.requestTimeout = config.requestTimeoutMs;
  await app.listen(config.port, config.host);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const running = { url: `http://${host}:${port}`, stop: () => app.close() };
  stopOnSignals(running, app.get<Log>(LOG));
  return running;
}

/** Stops in order, and ends the process; npm may pass Ctrl-C on a second time, which changes nothing. */
function stopOnSignals(server: RunningServer, log: Log): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}
