/** A directory in which processes of one machine make themselves known, and a lock between them built on it. */
import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.js';
import { identityOf, isAlive, mayRun, type ProcessIdentity } from './process-identity.js';

/** One entry: an empty file whose name carries the owner, so that it exists whole or not at all. */
export interface Entry {
  remove(): Promise<void>;
  /** The same for a process that ends this moment: true when no other living process is entered. */
  leaveAtOnce(): boolean;
  /** The identities of the other living entries. Removes those of the dead, which is safe: a name is never used twice. */
  others(): Promise<readonly ProcessIdentity[]>;
}

export async function enter(directory: string): Promise<Entry> {
  await mkdir(directory, { recursive: true });
  const name = `${await identityOf(process.pid)}_${randomBytes(6).toString('hex')}`;
  const path = join(directory, name);
  await writeFile(path, '', { flag: 'wx', mode: 0o644 });
  return {
    remove: () => rm(path, { force: true }),
    leaveAtOnce: () => {
      rmSync(path, { force: true });
      return !readdirSync(directory).some((other) => mayRun(Number.parseInt(other, 10)));
    },
    others: () => livingBeside(directory, name),
  };
}

async function livingBeside(directory: string, own: string): Promise<readonly ProcessIdentity[]> {
  const names = (await readdir(directory)).filter((name) => name !== own);
  const found = await Promise.all(
    names.map(async (name) => {
      const identity = /^(\d+-[^_]+)_/.exec(name)?.[1];
      if (isIdentity(identity) && (await isAlive(identity))) return identity;
      await rm(join(directory, name), { force: true });
      return undefined;
    }),
  );
  return found.filter((identity) => identity !== undefined);
}

function isIdentity(value: string | undefined): value is ProcessIdentity {
  return value !== undefined;
}

const ATTEMPTS = 2400;

/**
 * Runs `work` while no other process (or other call in this one) holds the lock of this directory. Whoever dies loses it.
 *
 * Each contender first enters and then looks: of two, at least the later one sees the other, so never do both go on.
 * Who sees another steps back and tries again after 25 to 75 ms. Throws after about two minutes.
 */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  let holders: readonly ProcessIdentity[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const entry = await enter(directory);
    try {
      holders = await entry.others();
      if (holders.length === 0) return await work();
    } finally {
      await entry.remove();
    }
    await delay(randomInt(25, 75));
  }
  const pids = holders.map((holder) => Number.parseInt(holder, 10)).join(', ');
  throw new EmbeddedPostgresError(
    `Process ${pids} has been starting or stopping the embedded PostgreSQL for two minutes; end it and try again.`,
  );
}
