/** The stand-alone server: a Nest application with nothing but Continuo in it. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { refuseWhat } from './a2a/answer-error.js';
import { GrpcListener } from './a2a/grpc-listener.js';
import { ErrorFilter } from './api/error-filter.js';
import { localDoor } from './auth/local-door.js';
import { ContinuoModule } from './continuo.module.js';
import { tellIfUnhandled } from './failed-start.js';
import { openPostgres, type Opened } from './nest/opened.js';
import { logOf } from './nest/settled.js';
import { loadConfig, type Config } from './platform/config.js';
import type { Log } from './platform/log.js';
import { ensureInstalled } from './platform/optional-parts.js';
import { withoutPrefix } from './platform/public-path.js';
import { corsFor, securityHeaders } from './platform/http-security.js';
import { inTurn } from './platform/in-turn.js';
import { leavePort, servedOut } from './platform/leaving-port.js';
import { ensureFree, listenError, portOf, urlOfListener } from './platform/listening.js';
import { Outgoing } from './platform/outgoing.js';
import type { HowToStop } from './processes/messages.js';
import { isSupervisor } from './processes/process-count.js';
import { supervise } from './processes/supervise.js';
import { supervisorLink, type SupervisorLink } from './processes/supervisor-link.js';
import { guardProcess } from './process-guard.js';
import { Runtime } from './runtime.js';
import { takerOfOptions, type ServerOptions } from './server-options.js';

export interface RunningServer {
  readonly url: string;
  /** Drains, hands over what is left, and stops. */
  stop(): Promise<void>;
}

interface Started extends RunningServer {
  /** Takes no new connections, which others take; resolves when those that are there have been served, or at `signal`. */
  leavePort(signal: AbortSignal): Promise<void>;
}

/**
 * Starts the server, and resolves when it listens and is ready. From the call on SIGINT and SIGTERM stop it in order and
 * end the process; a signal during the start is obeyed as soon as the start is over, which then waits for no other instance.
 * When a newer version migrates the database in a way that this one can't work with, the server stops in the same way, and
 * the process ends with code 1.
 *
 * With CONTINUO_PROCESSES other than 1 this process serves nothing itself: it runs its own program again in as many
 * processes as that says, in which this call starts a server each, and resolves when all of them serve.
 *
 * @throws ConfigError, ContinuoError, EmbeddedPostgresError: the server did not start, the message says what to do, and
 * everything that was started has been stopped again. Of one that the program does not handle the message is printed,
 * without a stack, and the process ends with code 1.
 * @example
 * const server = await startServer({ agents: [GreeterAgent], console: true });
 * console.log(server.url);
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const take = takerOfOptions();
  if (take !== undefined) return take(options);
  try {
    return await startAlone(options);
  } catch (error) {
    tellIfUnhandled(error);
    throw error;
  }
}

async function startAlone(options: ServerOptions): Promise<RunningServer> {
  const config = loadConfig(options.env, options.config);
  if (isSupervisor(config)) return supervise(config);
  const log = logOf(config, options.logger);
  const unwanted = new AbortController();
  const link = supervisorLink(config);
  if (link !== undefined)
    return startWorker({ options, config, opened: { log, signal: unwanted.signal } }, link, unwanted);
  await ensureFree(config.port, config.host);
  if (config.grpc?.isAskedFor === true) await ensureFree(config.grpc.port, config.host, 'CONTINUO_GRPC_PORT');
  const starting = start({ options, config, opened: { log, signal: unwanted.signal } });
  stopOnSignals(starting, unwanted, log);
  return starting;
}

interface Start {
  readonly options: ServerOptions;
  readonly config: Config;
  /** Without a database it is opened. */
  readonly opened: Omit<Opened, 'postgres'> & Partial<Pick<Opened, 'postgres'>>;
}

/** What is wrong with the start of a worker its supervisor says, not the program that called for it. */
async function startWorker(
  { options, config, opened }: Start,
  link: SupervisorLink,
  unwanted: AbortController,
): Promise<RunningServer> {
  const { port, grpcPort, databaseUrl } = await link.base();
  const postgres = { url: databaseUrl, stop: () => Promise.resolve() };
  const starting = start({ options, config: { ...config, port }, opened: { ...opened, postgres, grpcPort } });
  stopWhenTold(starting, unwanted, opened.log, link);
  const server = await starting.catch((error: unknown) => link.failed(error));
  link.ready(server.url);
  return server;
}

async function start({ options, config, opened }: Start): Promise<Started> {
  const { log } = opened;
  ensureInstalled('express', 'startServer');
  const { HttpAdapter } = await import('./platform/http-adapter.js');
  const postgres = opened.postgres ?? (await openPostgres(config, log));
  let app: NestExpressApplication | undefined;
  try {
    const module = ContinuoModule.forRoot(options, { ...opened, postgres, ownsServer: true });
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

async function listen(app: NestExpressApplication, config: Config, log: Log): Promise<Started> {
  app.disable('x-powered-by');
  app.use(inTurn(withoutPrefix(config.publicUrl), securityHeaders(config), refuseWhat(localDoor(config))));
  if (config.corsOrigins.length > 0) app.enableCors(corsFor(config.corsOrigins));
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
  const outgoing = app.get(Outgoing);
  const grpc = app.get(GrpcListener);
  return {
    url: urlOfListener(config.host, portOf(server, config.port)),
    stop,
    leavePort: async (signal) => {
      leavePort(server, outgoing);
      grpc.leave();
      const served = servedOut(server, outgoing, { ms: config.drainMs, clock: systemClock, signal });
      await Promise.all([served, grpc.answered(config.drainMs, signal)]);
    },
  };
}

/** Stops in order, and ends the process; npm may pass Ctrl-C on a second time, which changes nothing. */
function stopOnSignals(starting: Promise<RunningServer>, unwanted: AbortController, log: Log): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) return;
    stopping = true;
    unwanted.abort(new Error('It was told to stop.'));
    endAfter(
      startedOf(starting).then((server) => server?.stop()),
      log,
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
}

/** As its supervisor says, which may first say one thing and then, in a hurry, another. */
function stopWhenTold(starting: Promise<Started>, unwanted: AbortController, log: Log, link: SupervisorLink): void {
  const hurry = new AbortController();
  let stopping = false;
  const stop = async (how: HowToStop): Promise<void> => {
    const server = await startedOf(starting);
    if (how === 'leave') hurry.abort();
    if (how !== 'stop') await server?.leavePort(hurry.signal);
    await server?.stop();
  };
  link.onStop((how) => {
    if (stopping) {
      hurry.abort();
      return;
    }
    stopping = true;
    log.info({ how }, 'the supervisor has this process stop');
    unwanted.abort(new Error('It was told to stop.'));
    endAfter(stop(how), log);
  });
}

/** A start that fails has stopped what it started; whoever called for it says why. */
function startedOf<Starting extends RunningServer>(starting: Promise<Starting>): Promise<Starting | undefined> {
  return starting.catch(() => undefined);
}

function endAfter(stopped: Promise<unknown>, log: Log): void {
  stopped.then(
    () => process.exit(0),
    (error: unknown) => {
      log.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    },
  );
}
