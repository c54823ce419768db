/** A program that is a server: what happens before there is an application, and who tells it to stop. */
import type { Config } from './platform/config.js';
import type { Log } from './platform/log.js';
import { ensureFree, listenError } from './platform/listening.js';
import { openPostgres, type Opened, type Postgres } from './nest/opened.js';
import type { HowToStop } from './processes/messages.js';
import { supervisorLink, type SupervisorLink } from './processes/supervisor-link.js';

/** A server that `startServer` has started. */
export interface RunningServer {
  /** Where it serves: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Drains, hands over what is left, and stops. */
  stop(): Promise<void>;
}

export interface Started extends RunningServer {
  /** Takes no new connections, which others take; resolves when those that are there have been served, or at `signal`. */
  leavePort(signal: AbortSignal): Promise<void>;
}

/** What is there before the application; `config` with the port that is served. */
export interface Beginning extends Opened {
  readonly config: Config;
}

/** Makes the application. Before it rejects it stops what it has started. */
export type Make = (beginning: Beginning) => Promise<Started>;

/**
 * Loads the application while PostgreSQL comes up, and resolves when it serves. SIGINT, SIGTERM and SIGHUP (of a
 * terminal that goes), or the supervisor of this process, stop it in order from the call on. Throws ContinuoError and
 * EmbeddedPostgresError, with everything stopped.
 */
export async function startProgram(config: Config, log: Log, load: () => Promise<Make>): Promise<RunningServer> {
  const unwanted = new AbortController();
  const opened = { config, log, signal: unwanted.signal };
  const link = supervisorLink(config);
  if (link !== undefined) return startWorker(opened, load(), link, unwanted);
  await ensureFree(config.port, config.host);
  if (config.grpc?.isAskedFor === true) await ensureFree(config.grpc.port, config.host, 'CONTINUO_GRPC_PORT');
  const starting = start({ ...opened, postgres: openPostgres(config, log) }, load());
  stopOnSignals(starting, unwanted, log);
  return starting;
}

/** What is wrong with the start of a worker its supervisor says, not the program that called for it. */
async function startWorker(
  opened: Omit<Beginning, 'postgres'>,
  loading: Promise<Make>,
  link: SupervisorLink,
  unwanted: AbortController,
): Promise<RunningServer> {
  const [{ port, grpcPort, databaseUrl }] = await Promise.all([link.base(), loading]).catch((error: unknown) =>
    link.failed(error),
  );
  const postgres = Promise.resolve({ url: databaseUrl, stop: () => Promise.resolve() });
  const starting = start({ ...opened, config: { ...opened.config, port }, postgres, grpcPort }, loading);
  stopWhenTold(starting, unwanted, opened.log, link);
  const server = await starting.catch((error: unknown) => link.failed(error));
  link.ready(server.url);
  return server;
}

async function start(
  { postgres, ...opened }: Omit<Beginning, 'postgres'> & { readonly postgres: Promise<Postgres> },
  loading: Promise<Make>,
): Promise<Started> {
  const { port, host } = opened.config;
  try {
    const [make, database] = await Promise.all([loading, postgres]);
    return await make({ ...opened, postgres: database });
  } catch (error) {
    await postgres.then(
      (database) => database.stop(),
      () => undefined,
    );
    throw listenError(error, port, host);
  }
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
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
