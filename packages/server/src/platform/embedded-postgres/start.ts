/** Runs a PostgreSQL of our own for servers that were given none: one cluster per data directory, shared by all of them. */
import { join, resolve } from 'node:path';
import { findBinaries } from './binaries.js';
import { clusterExists, ensureOwner, makeCluster } from './cluster.js';
import { ensureDatabase, urlOf } from './connection.js';
import { ensureDirectory } from './data-directory.js';
import { inWords } from './error.js';
import { keepRunning, type EmbeddedPostgresLog } from './keep-running.js';
import { passwordOf } from './password.js';
import { CLUSTER, place } from './placement.js';
import { ensureRunning, stopPostmaster, stopPostmasterAtOnce, type Installation } from './postmaster.js';
import { enter, withLock, type Entry } from './process-registry.js';
import { atSuddenEnd } from './sudden-end.js';

export interface EmbeddedPostgresOptions {
  /** Made if missing. Everything is below it, unless we are root and PostgreSQL's account cannot reach it. */
  readonly dataDir: string;
  readonly log: EmbeddedPostgresLog;
  /** How many connections are wanted, if it is started now. Default: 0, for some servers. */
  readonly connections?: number;
}

export interface EmbeddedPostgres {
  /** Names the database `continuo`, with the password. Stays valid until `stop`, also when PostgreSQL has to be restarted. */
  readonly url: string;
  /** Leaves the cluster to the other servers that use it; stops it when there is none. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts the cluster of this data directory or joins it when it runs; makes it the first time. A process that ends without
 * `stop`, at any moment, by `process.exit` or an error, takes along what nobody else uses; by a signal it does not.
 * Throws `EmbeddedPostgresError` with a message that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  let user: Entry | undefined;
  let postmaster: { readonly pid: number; readonly found: boolean } | undefined;
  const endedInOrder = atSuddenEnd(() => {
    if (postmaster === undefined) return;
    const isNobodys = user === undefined ? !postmaster.found : user.leaveAtOnce();
    if (isNobodys) stopPostmasterAtOnce(postmaster.pid);
  });
  try {
    return await start(options, {
      entered: (entry) => (user = entry),
      runs: (pid, found) => (postmaster = { pid, found }),
      endedInOrder,
    });
  } catch (error) {
    endedInOrder();
    throw inWords(error, resolve(options.dataDir));
  }
}

/** What a sudden end has to know. */
interface Watched {
  readonly entered: (user: Entry) => void;
  /** The postmaster from now on, which is started or was found. */
  readonly runs: (pid: number, found: boolean) => void;
  readonly endedInOrder: () => void;
}

async function start(
  { dataDir, log, connections = 0 }: EmbeddedPostgresOptions,
  { entered, runs, endedInOrder }: Watched,
): Promise<EmbeddedPostgres> {
  const dataDirectory = await ensureDirectory(dataDir);
  const users = join(dataDirectory, 'postgres-users');
  const locked = <T>(work: () => Promise<T>): Promise<T> => withLock(join(dataDirectory, 'postgres-lock'), work);

  const { installation, running, user } = await locked(async () => {
    const it = { ...(await prepare(dataDirectory, log)), connections, runs };
    const started = await ensureRunning(it);
    try {
      await ensureDatabase({ port: started.port, password: it.password });
      const entry = await enter(users);
      entered(entry);
      return { installation: it, running: started, user: entry };
    } catch (error) {
      if (!started.found) await stopPostmaster(it);
      throw error;
    }
  });
  const { pid, port, found } = running;
  log.info(
    { postmaster: pid, port, directory: installation.cluster },
    found ? 'joined the running PostgreSQL' : 'started PostgreSQL',
  );

  const keeper = keepRunning({ installation, running, locked, log });
  const stop = async (): Promise<void> => {
    await keeper.stop();
    await locked(async () => {
      await user.remove();
      const others = await user.others();
      if (others.length > 0) {
        log.info({ users: others.length }, 'left PostgreSQL running for the other servers that use it');
        return;
      }
      await stopPostmaster(installation);
      log.info({ port }, 'stopped PostgreSQL');
    });
    endedInOrder();
  };
  let stopping: Promise<void> | undefined;
  return { url: urlOf({ port, password: installation.password }), stop: () => (stopping ??= stop()) };
}

async function prepare(dataDirectory: string, log: EmbeddedPostgresLog): Promise<Installation> {
  const placement = await place(dataDirectory);
  const binaries = await findBinaries(placement.account, placement.stagingDirectory);
  const known = await clusterExists(placement.home);
  const password = await passwordOf(dataDirectory, !known);
  const cluster = join(placement.home, CLUSTER);
  if (!known) {
    log.info({ directory: cluster }, 'setting up PostgreSQL for the first time');
    await makeCluster(binaries, placement, password);
  }
  await ensureOwner(cluster, placement);
  return { binaries, account: placement.account, cluster, password, logFile: join(dataDirectory, 'postgres.log') };
}
