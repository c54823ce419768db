/** Starts that fail: they say what to do, and leave nothing running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { createLog } from '../../src/platform/log.js';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.js';
import { createTestDatabase } from '../support/database.js';
import { stopOrphanedPostgres } from '../support/orphaned-postgres.js';
import { afterThisFile } from '../support/outcome.js';
import { runOn } from '../support/postgres.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const library = new URL('../../dist/index.js', import.meta.url).href;

interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** The program to run. Default: the built server. */
  readonly program?: string;
  /** Ends the start with this signal as soon as it wrote what matches. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly after: RegExp };
}

let dataDir: string;

beforeEach(async () => {
  dataDir = await makeTestDirectory('failing-start');
  const made = dataDir;
  afterThisFile(() => stopOrphanedPostgres(made));
});

async function startOf({ env = {}, program = main, signal }: Start) {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', CONTINUO_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'exit');
  if (signal !== undefined) {
    await until(() => signal.after.test(output), { what: `${signal.after} to be written` });
    child.kill(signal.name);
  }
  await exit;
  return { code: child.exitCode, output };
}

/** A program that does with the library what a host would. */
async function programOf(source: string): Promise<string> {
  const path = join(dataDir, 'host.mjs');
  await writeFile(path, source.replaceAll('@continuo/server', library));
  return path;
}

/** PostgreSQL ends by itself soon after whoever told it to is gone. */
async function postgresIsGone(): Promise<void> {
  const cluster = join(dataDir, 'postgres');
  await until(async () => (await findPostmaster(cluster)) === undefined, {
    what: `PostgreSQL on ${cluster} to end`,
  });
}

async function takenPort(): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  afterThisFile(async () => void other.close());
  return String((other.address() as AddressInfo).port);
}

describe('a start that fails', () => {
  it('because the port is taken says so before it starts PostgreSQL', async () => {
    const port = await takenPort();
    const { code, output } = await startOf({ env: { PORT: port } });
    expect(code).toBe(1);
    expect(output).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`);
    expect(output).toContain('set PORT to another port');
    expect(output).not.toMatch(/setting up PostgreSQL|ready to run agents/);
  });

  it('because an agent is wrong stops its PostgreSQL', async () => {
    const program = await programOf(`
      import { startServer, A2AAgent, A2AAgentBaseService } from '@continuo/server';
      class Nameless extends A2AAgentBaseService { async execute() { return 'x'; } }
      startServer({ agents: [Nameless] }).catch((error) => { console.error(error.message); process.exitCode = 1; });`);
    const { code, output } = await startOf({ program });
    expect(output).toMatch(/Nameless/);
    expect(code).toBe(1);
    await postgresIsGone();
  });

  it('in a host of its own that just ends stops its PostgreSQL', async () => {
    const program = await programOf(`
      import { startServer } from '@continuo/server';
      await startServer({ agents: [] });
      console.error('it runs');
      process.exit(3);`);
    const { code, output } = await startOf({ program });
    expect(output).toContain('it runs');
    expect(code).toBe(3);
    await postgresIsGone();
  });

  it('because something that an agent needs is missing stops its PostgreSQL', async () => {
    const program = await programOf(`
      import { startServer } from '@continuo/server';
      const wrong = { provide: 'wrong', inject: ['missing'], useFactory: () => 1 };
      startServer({ agents: [], providers: [wrong] }).catch(() => { console.error('refused'); process.exitCode = 1; });`);
    const { code, output } = await startOf({ program });
    expect(output).toContain('refused');
    expect(code).toBe(1);
    await postgresIsGone();
  });

  it('because a newer version was there says so and stops its PostgreSQL', async () => {
    const { url } = await createTestDatabase();
    await runOn(url, "INSERT INTO continuo_migrations (number, name) VALUES (9999, '9999_later.sql')");
    const { code, output } = await startOf({ env: { DATABASE_URL: url } });
    expect(code).toBe(1);
    expect(output).toContain('Start the newer version');
  });

  it('because a newer version was in its own database says so and stops its PostgreSQL', async () => {
    const first = await startOf({ signal: { name: 'SIGTERM', after: /Continuo is ready/ } });
    expect(first.code).toBe(0);
    const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('silent') });
    await runOn(postgres.url, "INSERT INTO continuo_migrations (number, name) VALUES (9999, '9999_later.sql')");
    await postgres.stop();
    const { code, output } = await startOf({});
    expect(code).toBe(1);
    expect(output).toMatch(/9999_later\.sql.*Start the newer version/);
    await postgresIsGone();
  });

  it('because a migration was changed after it had been applied names it', async () => {
    const { url } = await createTestDatabase();
    await runOn(url, `UPDATE continuo_migrations SET checksum = 'another' WHERE number = 1`);
    const { code, output } = await startOf({ env: { DATABASE_URL: url } });
    expect(code).toBe(1);
    expect(output).toContain('0001_baseline.sql was changed after it had been applied');
  });

  it('by a signal in the middle of it stops in order', async () => {
    const { code } = await startOf({ signal: { name: 'SIGTERM', after: /started PostgreSQL/ } });
    expect(code).toBe(0);
    await postgresIsGone();
  });
});

describe('what to do is said', () => {
  it.each([
    ['nobody listens', 'postgres://me:pa55word@127.0.0.1:1/db', /127\.0\.0\.1:1\/db/],
    ['the host is unknown', 'postgres://me:pa55word@nosuchhost.invalid/db', /nosuchhost\.invalid:5432\/db/],
  ])('when %s at DATABASE_URL', async (_what, url, where) => {
    const { code, output } = await startOf({ env: { DATABASE_URL: url } });
    expect(code).toBe(1);
    expect(output).toMatch(where);
    expect(output).toContain('Check DATABASE_URL');
    expect(output).not.toContain('pa55word');
  });

  it.each([['/proc/foo'], [join(main, 'below-a-file')]])('when the data directory is %s', async (directory) => {
    const { code, output } = await startOf({ env: { CONTINUO_DATA_DIR: directory } });
    expect(code).toBe(1);
    expect(output).toContain('Set CONTINUO_DATA_DIR to a directory');
  });

  it.each([
    ['CONTINUO_LOGLEVEL', 'CONTINUO_LOG_LEVEL'],
    ['CONTINUO_MODEL_APIKEY', 'CONTINUO_MODEL_API_KEY'],
    ['CONTINUO_DATADIR', 'CONTINUO_DATA_DIR'],
    ['CONTINUO_LIMIT_TASK', 'CONTINUO_LIMIT_TASKS'],
  ])('when %s is set', async (slip, meant) => {
    const { code, output } = await startOf({ env: { [slip]: 'debug' } });
    expect(code).toBe(1);
    expect(output).toContain(`${slip}: there is no such variable. Did you mean ${meant}?`);
  });

  it('when a variable is nobody knows whose, and the server starts', async () => {
    const { url } = await createTestDatabase();
    const { output, code } = await startOf({
      env: { DATABASE_URL: url, CONTINUO_SERVICE_HOST: '10.0.0.1' },
      signal: { name: 'SIGTERM', after: /Continuo is ready/ },
    });
    expect(code).toBe(0);
    expect(output).toContain('CONTINUO_SERVICE_HOST is set, but there is no such variable');
  });
});

describe('the log', () => {
  it('is for people where that is asked for, and for programs otherwise', async () => {
    const { url } = await createTestDatabase();
    const signal = { name: 'SIGTERM', after: /Continuo is ready/ } as const;
    const people = await startOf({ env: { DATABASE_URL: url, CONTINUO_LOG_FORMAT: 'pretty' }, signal });
    expect(people.output).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: ready to run agents {2}agents=/m);
    const programs = await startOf({ env: { DATABASE_URL: url }, signal });
    const line = programs.output.split('\n').find((each) => each.includes('ready to run agents')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 30, msg: 'ready to run agents' });
  });
});
