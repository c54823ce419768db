/** The embedded PostgreSQL through everything that happens to servers: first start, company, kill -9, and the end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../src/platform/embedded-postgres/process-identity.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { createLog } from '../../src/platform/log.js';
import { stopOrphanedPostgres } from '../support/orphaned-postgres.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';

const built = new URL('../../dist/platform/embedded-postgres/start.js', import.meta.url).href;
const log = createLog('silent');
const children = new Set<ChildProcess>();
let directory: string;
let dataDir: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'continuo-embedded-'));
  await chmod(directory, 0o755);
  dataDir = join(directory, 'data');
});

afterEach(async () => {
  for (const child of children) await end(child, 'SIGKILL');
  children.clear();
  const home = await homeOf(dataDir);
  for (const used of [directory, home]) {
    await stopOrphanedPostgres(used);
    await rm(used, { recursive: true, force: true });
  }
});

/** A server process that does nothing but use the cluster; ends it in order on SIGTERM and SIGINT. */
async function serverOn(data: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(built)};
    const log = { info() {}, warn() {}, error() {} };
    const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(data)}, log });
    const life = setInterval(() => {}, 1000);
    const stop = () => void postgres.stop().then(() => clearInterval(life));
    process.on('SIGTERM', stop).on('SIGINT', stop);
    console.log(postgres.url);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line };
  throw new Error('the server ended before PostgreSQL was ready');
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

/** Where the cluster is: the data directory, unless it says that it is elsewhere. */
async function homeOf(data: string): Promise<string> {
  const record = await readFile(join(data, 'postgres-location.json'), 'utf8').catch(() => undefined);
  return record === undefined ? data : (JSON.parse(record) as { readonly home: string }).home;
}

async function postmasterPid(): Promise<number | undefined> {
  const file = join(await homeOf(dataDir), 'postgres', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split('\n')[0]);
}

async function note(url: string, word: string): Promise<void> {
  await runOn(url, 'CREATE TABLE IF NOT EXISTS notes (word text)');
  await runOn(url, `INSERT INTO notes VALUES ('${word}')`);
}

async function notes(url: string): Promise<readonly string[]> {
  const rows = await runOn<{ word: string }>(url, 'SELECT word FROM notes ORDER BY word');
  return rows.map((row) => row.word);
}

describe('startEmbeddedPostgres', () => {
  it('makes a durable cluster of one, closed to everybody else, and leaves nothing running', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    const url = new URL(postgres.url);
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.pathname).toBe('/continuo');
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);

    const settings = await runOn<{ name: string; setting: string }>(
      postgres.url,
      `SELECT name, setting FROM pg_settings WHERE name IN
         ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
    });
    url.password = 'wrong';
    await expect(runOn(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');

    const pid = await postmasterPid();
    expect(pid).toBeDefined();
    await postgres.stop();
    await postgres.stop();
    expect(await isRunning(pid ?? 0)).toBe(false);
    expect(await postmasterPid()).toBeUndefined();
  });

  it('keeps its data from one run to the next', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log });
    await note(first.url, 'kept');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir, log });
    expect(await notes(second.url)).toEqual(['kept']);
    await second.stop();
  });

  it('serves two servers that start at the same moment with one cluster, until the last has gone', async () => {
    const [one, two] = await Promise.all([serverOn(dataDir), serverOn(dataDir)]);
    expect(one.url).toBe(two.url);
    await note(one.url, 'shared');
    expect(await end(one.child, 'SIGTERM')).toBe(0);
    expect(await notes(two.url)).toEqual(['shared']);
    const pid = await postmasterPid();
    expect(pid).toBeDefined();
    expect(await end(two.child, 'SIGINT')).toBe(0);
    expect(await isRunning(pid ?? 0)).toBe(false);
  });

  it('is found again by the next server after kill -9, and stopped by it', async () => {
    const { child, url } = await serverOn(dataDir);
    await note(url, 'before');
    const orphan = await postmasterPid();
    expect(orphan).toBeDefined();
    await end(child, 'SIGKILL');

    const next = await serverOn(dataDir);
    expect(await postmasterPid()).toBe(orphan);
    expect(await notes(next.url)).toEqual(['before']);
    expect(await end(next.child, 'SIGTERM')).toBe(0);
    expect(await isRunning(orphan ?? 0)).toBe(false);
  });

  it('recovers when server and PostgreSQL were both killed, though the pid is now of another process', async () => {
    const { child, url } = await serverOn(dataDir);
    await note(url, 'committed');
    const pid = await postmasterPid();
    await end(child, 'SIGKILL');
    process.kill(pid ?? 0, 'SIGKILL');
    const file = join(await homeOf(dataDir), 'postgres', 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));

    const next = await startEmbeddedPostgres({ dataDir, log });
    expect(await notes(next.url)).toEqual(['committed']);
    await next.stop();
  });

  it('comes back under a running server, at the same address', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    await note(postgres.url, 'still here');
    const pid = await postmasterPid();
    process.kill(pid ?? 0, 'SIGKILL');
    const found = await until(() => notes(postgres.url), { what: 'PostgreSQL to come back' });
    expect(found).toEqual(['still here']);
    await postgres.stop();
  });

  it('starts over when it was killed while it set the cluster up', async () => {
    const started = serverOn(dataDir).catch(() => undefined);
    const drafts = () => readdir(dataDir).then((names) => names.some((name) => name.startsWith('postgres-draft-')));
    await until(drafts, { what: 'the set-up to begin' });
    for (const child of children) await end(child, 'SIGKILL');
    await started;

    const postgres = await startEmbeddedPostgres({ dataDir, log });
    await note(postgres.url, 'whole');
    expect(await notes(postgres.url)).toEqual(['whole']);
    await postgres.stop();
  });

  it('says what to do when the password is lost', async () => {
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
    await rm(join(dataDir, 'postgres-password'));
    await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/postgres-password is missing.*backup/);
  });

  it('works below a directory that only its owner may enter, which PostgreSQL may not when root owns it', async () => {
    await chmod(directory, 0o700);
    const first = await startEmbeddedPostgres({ dataDir, log });
    await note(first.url, 'reached');
    await first.stop();

    const home = await homeOf(dataDir);
    expect(home === dataDir).toBe(process.getuid?.() !== 0);
    const cluster = await lstat(join(home, 'postgres'));
    expect(cluster.mode & 0o777).toBe(0o700);
    expect(cluster.uid).not.toBe(0);
    expect((await lstat(home)).uid).toBe(process.getuid?.());

    const second = await startEmbeddedPostgres({ dataDir, log });
    expect(await notes(second.url)).toEqual(['reached']);
    await second.stop();
  });
});
