/** The stand-alone server: a Nest application with nothing but Continuo in it. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { refuseWhat } from './a2a/answer-error.js';
import { consoleFiles } from './api/console-files.js';
import { ErrorFilter } from './api/error-filter.js';
import { localDoor } from './auth/local-door.js';
import { ContinuoModule, logOf, openPostgres, type ContinuoOptions, type Opened } from './continuo.module.js';
import { loadConfig, type Config } from './platform/config.js';
import { HttpAdapter } from './platform/http-adapter.js';
import type { Log } from './platform/log.js';
import { withoutPrefix } from './platform/public-path.js';
import { corsFor, securityHeaders } from './platform/http-security.js';
import { inTurn } from './platform/in-turn.js';
import { ensureFree, listenError } from './platform/listening.js';
import { guardProcess } from './process-guard.js';
import { Runtime } from './runtime.js';

export interface RunningServer {
  readonly url: string;
  /** Drains, hands over what is left, and stops. */
  stop(): Promise<void>;
}

/**
 * Starts the server, and resolves when it listens and is ready. From the call on SIGINT and SIGTERM stop it in order and
 * end the process; a signal during the start is obeyed as soon as the start is over, which then waits for no other instance.
 * When a newer version migrates the database in a way that this one can't work with, the server stops in the same way, and
 * the process ends with code 1.
 *
 * @throws ConfigError, ContinuoError, EmbeddedPostgresError: the server did not start, the message says what to do, and
 * everything that was started has been stopped again.
 * @example
 * const server = await startServer({ agents: [GreeterAgent] });
 * console.log(server.url);
 */
export async function startServer(options: ContinuoOptions): Promise<RunningServer> {
  const config = loadConfig(options.env);
  await ensureFree(config.port, config.host);
  const log = logOf(config);
  const unwanted = new AbortController();
  const starting = start(options, config, { log, signal: unwanted.signal });
  stopOnSignals(starting, unwanted, log);
  return starting;
}

async function start(
  options: ContinuoOptions,
  config: Config,
  { log, signal }: Omit<Opened, 'postgres'>,
): Promise<RunningServer> {
  const postgres = await openPostgres(config, log);
  let app: NestExpressApplication | undefined;
  try {
    const module = ContinuoModule.forRoot(options, { log, postgres, signal });
    app = await NestFactory.create<NestExpressApplication>(module, new HttpAdapter(config, log), {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    return await listen(app, config, log);
  } catch (error) {
    await app?.close().catch((failed: unknown) => log.warn({ err: failed }, 'the failed start left something'));
    await postgres.stop();
    throw listenError(error, config.port, config.host);
  }
}

async function listen(app: NestExpressApplication, config: Config, log: Log): Promise<RunningServer> {
  app.disable('x-powered-by');
  app.use(inTurn(withoutPrefix(config.publicUrl), securityHeaders(config), refuseWhat(localDoor(config))));
  if (config.corsOrigins.length > 0) app.enableCors(corsFor(config.corsOrigins));
  const files = consoleFiles(config.publicUrl);
  if (files !== undefined) app.use(files);
  app.useGlobalFilters(app.get(ErrorFilter));
  const server: Server = app.getHttpServer();
  // The first runs begin before the server listens.
  const runtime = app.get(Runtime);
  const end = guardProcess(log, () => {
    runtime.breaks();
    return app.close();
  });
  const stop = (): Promise<void> => app.close().finally(end);
  runtime.schema.onBreaking(() => stop().finally(() => process.exit(1)));
  await app.listen(config.port, config.host).catch((error: unknown) => {
    end();
    throw error;
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { url: `http://${host}:${port}`, stop };
}

/** Stops in order, and ends the process; npm may pass Ctrl-C on a second time, which changes nothing. */
function stopOnSignals(starting: Promise<RunningServer>, unwanted: AbortController, log: Log): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    // A start that fails has stopped what it started; whoever called for it says why.
    const server = await starting.catch(() => undefined);
    await server?.stop();
  };
  const onSignal = (): void => {
    if (stopping) return;
    stopping = true;
    unwanted.abort(new Error('It was told to stop.'));
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
}
