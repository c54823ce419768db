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
import { logOf, type Log } from './platform/log.js';
import { loadConfig, type Config } from './platform/config.js';
import type { HttpAdapter } from './platform/http-adapter.js';
import { ensureInstalled } from './platform/optional-parts.js';
import { withoutPrefix } from './platform/public-path.js';
import { corsFor, securityHeaders } from './platform/http-security.js';
import { inTurn } from './platform/in-turn.js';
import { leavePort, servedOut } from './platform/leaving-port.js';
import { portOf, urlOfListener } from './platform/listening.js';
import { Outgoing } from './platform/outgoing.js';
import { requireOptions } from './nest/checked-options.js';
import { isSupervisor } from './processes/process-count.js';
import { supervise } from './processes/supervise.js';
import { guardProcess } from './process-guard.js';
import { Runtime } from './runtime.js';
import { takerOfOptions, type ServerOptions } from './server-options.js';
import { startProgram, type Beginning, type Make, type RunningServer, type Started } from './standalone.js';

export type { RunningServer } from './standalone.js';

/**
 * Starts the server, and resolves when it listens and is ready. From the call on SIGINT, SIGTERM and SIGHUP stop it in order
 * and end the process; a signal during the start is obeyed as soon as the start is over, which then waits for no other instance.
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
  requireOptions(options, 'startServer');
  const config = loadConfig(options.env, options.config);
  if (isSupervisor(config)) return supervise(config);
  return startProgram(config, logOf(config, options.logger), () => loadApplication(options));
}

/** What makes the server that has `options`. Throws PACKAGE_MISSING. */
export async function loadApplication(options: ServerOptions): Promise<Make> {
  ensureInstalled('express', 'startServer');
  const adapter = await import('./platform/http-adapter.js');
  return (beginning) => makeApplication(options, beginning, adapter.HttpAdapter);
}

async function makeApplication(
  options: ServerOptions,
  { config, ...opened }: Beginning,
  Adapter: typeof HttpAdapter,
): Promise<Started> {
  const { log } = opened;
  let app: NestExpressApplication | undefined;
  try {
    const module = ContinuoModule.forRoot(options, { ...opened, ownsServer: true });
    app = await NestFactory.create<NestExpressApplication>(module, new Adapter(config, log), {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    return await listen(app, config, log);
  } catch (error) {
    await app?.close().catch((failed: unknown) => log.warn({ err: failed }, 'the failed start left something'));
    throw error;
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
