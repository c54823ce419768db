/** Brings the postmaster back, on the same port, when it dies under a running server. */
import { setTimeout as delay } from 'node:timers/promises';
import { ensureRunning, type Installation, type RunningPostgres } from './postmaster.js';
import { isRunning } from './process-identity.js';

/** The part of a pino logger that is used. */
export interface EmbeddedPostgresLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

interface Watch {
  readonly installation: Installation;
  readonly running: RunningPostgres;
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
  readonly log: EmbeddedPostgresLog;
}

const POLL_MS = 1000;

export interface Keeper {
  /** Resolves when nothing more will be started. */
  stop(): Promise<void>;
}

export function keepRunning({ installation, running, locked, log }: Watch): Keeper {
  const ended = new AbortController();
  let { pid } = running;
  const watch = async (): Promise<void> => {
    while (await pause(ended.signal)) {
      if (await isRunning(pid)) continue;
      log.warn({ postmaster: pid }, 'PostgreSQL has died; starting it again');
      try {
        const again = await locked(() => ensureRunning(installation, running.port));
        ({ pid } = again);
        log.info({ postmaster: pid, port: again.port }, 'PostgreSQL runs again');
      } catch (error) {
        log.error({ err: error }, 'PostgreSQL could not be started again; trying once more in a second');
      }
    }
  };
  const done = watch();
  return {
    stop: async () => {
      ended.abort();
      await done;
    },
  };
}

/** Waits without keeping the process alive; false once the watch is over. */
async function pause(signal: AbortSignal): Promise<boolean> {
  await delay(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
}
