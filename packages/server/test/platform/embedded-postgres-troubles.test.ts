/** The embedded PostgreSQL on directories that a crash, a full disk or somebody's hand has left in disorder, and at sudden ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { createLog } from '../../src/platform/log.js';
import { afterThisFile } from '../support/outcome.js';
import { stopOrphanedPostgres } from '../support/orphaned-postgres.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';

const start = new URL('../../dist/platform/embedded-postgres/start.js', import.meta.url).href;
const command = new URL('../../dist/platform/command-database.js', import.meta.url).href;
const config = new URL('../../dist/platform/config.js', import.meta.url).href;
const log = createLog('silent');
let dataDir: string;
let cluster: string;

beforeEach(async () => {
  dataDir = await makeTestDirectory('troubles');
  cluster = join(dataDir, 'postgres');
  const directory = dataDir;
  afterThisFile(() => stopOrphanedPostgres(directory));
});

const starting = () => startEmbeddedPostgres({ dataDir, log });

async function made(): Promise<void> {
  await (await starting()).stop();
}

describe('a directory in disorder', () => {
  it.each([
    ['empty', ''],
    ['full of zeros', '\0'.repeat(90)],
    ['of no process', `0\n${'x\n'.repeat(4)}`],
  ])('starts beside a postmaster.pid that is %s', async (_how, content) => {
    await made();
    await writeFile(join(cluster, 'postmaster.pid'), content);
    await expect(made()).resolves.toBeUndefined();
  });

  it.each([
    ['missing', () => rm(join(cluster, 'PG_VERSION'))],
    ['empty', () => truncate(join(cluster, 'PG_VERSION'))],
    ['below a file', () => rm(cluster, { recursive: true }).then(() => writeFile(cluster, 'x'))],
  ])('says what is not there when PG_VERSION is %s, and changes nothing', async (_how, harm) => {
    await made();
    await harm();
    await expect(starting()).rejects.toMatchObject({
      name: 'EmbeddedPostgresError',
      message: expect.stringContaining(`${cluster} is there, but it is no database of PostgreSQL`),
    });
  });

  it.each(['postgres-users', 'postgres-lock', 'postgres.log'])(
    'says which file is in the way, and what to do, when it is %s',
    async (name) => {
      await made();
      const path = join(dataDir, name);
      await rm(path, { recursive: true });
      await (name === 'postgres.log' ? mkdir(path) : writeFile(path, 'in the way'));
      await expect(starting()).rejects.toMatchObject({
        name: 'EmbeddedPostgresError',
        message: expect.stringMatching(new RegExp(`${path}.*CONTINUO_DATA_DIR.*DATABASE_URL`)),
      });
      expect(await findPostmaster(cluster)).toBeUndefined();
    },
  );

  it('leaves no PostgreSQL behind that refuses the password of the directory', async () => {
    await made();
    await writeFile(join(dataDir, 'postgres-password'), 'another\n');
    await expect(starting()).rejects.toThrow('refuses the password in postgres-password');
    expect(await findPostmaster(cluster)).toBeUndefined();
  });

  it('says why it was not set up', async () => {
    const program = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(start)});
      const log = { info() {}, warn() {}, error() {} };
      await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log }).catch((error) => console.log(error.message));`;
    // No file may grow beyond that: as on a full disk.
    const shell = ['-c', 'ulimit -f 3000; exec "$0" --input-type=module -e "$1"', process.execPath, program];
    const child = spawn('/bin/sh', shell, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    await once(child, 'close');
    expect(said).toMatch(/could not be set up in .*: could not write to file .*File too large/);
  });
});

describe('a command that is broken off', () => {
  const program = () => `
    const { withDatabase } = await import(${JSON.stringify(command)});
    const { loadConfig } = await import(${JSON.stringify(config)});
    const config = loadConfig({ CONTINUO_DATA_DIR: ${JSON.stringify(dataDir)} });
    await withDatabase(config, () => new Promise(() => {
      setInterval(() => undefined, 1_000);
      console.log('at work');
    }));`;

  it.each([
    ['at work', 'SIGINT', 130],
    ['at work', 'SIGTERM', 143],
    ['at work', 'SIGHUP', 129],
    ['starting', 'SIGTERM', 143],
  ] as const)('while it is %s by %s takes its PostgreSQL with it', async (when, signal, code) => {
    await made();
    const child = spawn(process.execPath, ['--input-type=module', '-e', program()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    const exit = once(child, 'exit');
    const runs = () => readFile(join(cluster, 'postmaster.pid'), 'utf8').then(() => true);
    const isThere = when === 'starting' ? () => runs().catch(() => false) : () => said.includes('at work');
    await until(isThere, { what: `it to be ${when}` });
    child.kill(signal);
    expect(await exit).toEqual([code, null]);
    await until(async () => (await findPostmaster(cluster)) === undefined, { what: 'PostgreSQL to end' });
  });
});
