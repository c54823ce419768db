/** Connections of our own to the embedded PostgreSQL: is it ready, is it ours, has it our database. */
import { realpath } from 'node:fs/promises';
import { Client, DatabaseError } from 'pg';
import { SUPERUSER } from './cluster.js';
import { failedWith } from './error.js';

const DATABASE = 'continuo';

interface Target {
  readonly port: number;
  readonly password: string;
}

const WRONG_PASSWORD = '28P01';
const NO_SUCH_ROLE = '28000';
const DUPLICATE_DATABASE = '42P04';
const NO_SUCH_DATABASE = '3D000';
const CONNECT_TIMEOUT_MS = 10_000;

export function urlOf({ port, password }: Target): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** `ready`: it answers and serves this cluster. `refused`: it serves, but not us. `silent`: not yet, or somebody else. */
export async function ping(target: Target & { readonly cluster: string }): Promise<'ready' | 'refused' | 'silent'> {
  try {
    const directory = await withClient('postgres', target, async (client) => {
      const answer = await client.query<{ data_directory: string }>('SHOW data_directory');
      return answer.rows[0]?.data_directory;
    });
    return directory !== undefined && (await sameDirectory(directory, target.cluster)) ? 'ready' : 'silent';
  } catch (error) {
    return error instanceof DatabaseError && (error.code === WRONG_PASSWORD || error.code === NO_SUCH_ROLE)
      ? 'refused'
      : 'silent';
  }
}

async function sameDirectory(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const real = await Promise.all([one, other].map((path) => realpath(path).catch(() => path)));
  return real[0] === real[1];
}

/** Creates the database if it is not there; when it is, this costs one connection. */
export async function ensureDatabase(target: Target): Promise<void> {
  try {
    await withClient(DATABASE, target, () => Promise.resolve());
  } catch (error) {
    if (!failedWith(error, NO_SUCH_DATABASE)) throw error;
    await withClient('postgres', target, async (client) => {
      await client.query(`CREATE DATABASE ${DATABASE}`).catch((failure: unknown) => {
        if (!failedWith(failure, DUPLICATE_DATABASE)) throw failure;
      });
    });
  }
}

async function withClient<T>(database: string, target: Target, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    host: '127.0.0.1',
    port: target.port,
    user: SUPERUSER,
    password: target.password,
    database,
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
