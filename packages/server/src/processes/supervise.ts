/** The process that serves nothing itself: starts PostgreSQL and the workers, hears the signals, and stops all in order. */
import cluster from 'node:cluster';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import type { Config } from '../platform/config.js';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/start.js';
import { ensureFree } from '../platform/listening.js';
import { createLog, secretsOf, type Log } from '../platform/log.js';
import { connectionsOf, warnOfConnections } from './connection-room.js';
import { processCount } from './process-count.js';
import { Supervisor, WorkerFailedError } from './supervisor.js';

export interface Supervised {
  readonly url: string;
  /** Drains the workers one by one, and stops. */
  stop(): Promise<void>;
}

/**
 * Runs this program again in so many processes as CONTINUO_PROCESSES says; resolves when all of them serve. SIGTERM and
 * SIGINT stop them in order and end this process, also during the start; SIGHUP reloads them.
 *
 * @throws what one process would: nothing is left running.
 */
export async function supervise(config: Config): Promise<Supervised> {
  const port = await ensureFree(config.port, config.host);
  const grpcPort = await grpcPortOf(config);
  const log = createLog(config.logLevel, {
    secrets: secretsOf(config),
    format: config.logFormat,
    isOneOfSeveral: true,
  });
  const count = processCount(config);
  const opened = openPostgres(config, connectionsOf(count, config.databasePool), log);
  const ending = new AbortController();
  let supervisor: Supervisor | undefined;
  let stopping: Promise<0 | 1> | undefined;
  const stopAll = async (): Promise<0 | 1> => {
    ending.abort();
    const postgres = await opened.catch(() => undefined);
    const code = (await supervisor?.stop()) ?? 0;
    await postgres?.stop();
    log.info('stopped');
    return code;
  };
  const stop = (): Promise<0 | 1> => (stopping ??= stopAll());
  const end = (code?: number): void => {
    stop().then(
      (inOrder) => process.exit(code ?? inOrder),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end());
  process.on('SIGHUP', () => void supervisor?.reload());

  try {
    const { url: databaseUrl } = await opened;
    if (!ending.signal.aborted) {
      cluster.schedulingPolicy = cluster.SCHED_RR;
      cluster.setupPrimary({ execArgv: [...process.execArgv, ...sourceMaps()] });
      supervisor = new Supervisor({
        count,
        base: { port, grpcPort, databaseUrl },
        drainMs: config.drainMs,
        clock: systemClock,
        log,
        onFailed: (error) => {
          log.fatal({ err: error.message }, 'no process serves, and none starts; the server stops');
          end(error.exitCode);
        },
      });
      log.info({ processes: count, port }, 'starting the processes that serve');
      const url = await supervisor.start();
      return { url, stop: () => stop().then(() => undefined) };
    }
  } catch (error) {
    if (stopping === undefined || !(error instanceof WorkerFailedError)) {
      await stop();
      throw error;
    }
  }
  // Told to stop before it was up: the process ends when that is done.
  return { url: '', stop: () => stop().then(() => undefined) };
}

/** Undefined where it is not served; a port that nobody has asked for may be taken, and the workers then do without. */
async function grpcPortOf({ grpc, host }: Config): Promise<number | undefined> {
  return grpc?.isAskedFor === true ? ensureFree(grpc.port, host, 'CONTINUO_GRPC_PORT') : grpc?.port;
}

/** Of our own where DATABASE_URL names none: one for all workers. */
async function openPostgres(config: Config, connections: number, log: Log) {
  if (config.databaseUrl === undefined) {
    return startEmbeddedPostgres({ dataDir: config.dataDir, log, connections });
  }
  await warnOfConnections(config.databaseUrl, connections, log);
  return { url: config.databaseUrl, stop: () => Promise.resolve() };
}

/** `npm start` turns them on in this process only. */
function sourceMaps(): readonly string[] {
  return process.sourceMapsEnabled ? ['--enable-source-maps'] : [];
}
