/** A database that an earlier version left, with open tasks of every kind, is started, answered and finished by this one. */
import { appendFile, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { goldenVersions, loadGolden, readGolden, writeGolden, type Golden } from '../support/golden.js';
import { call, textAt } from '../support/http-calls.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/golden-server.mjs', import.meta.url).pathname;
/** Set by `npm run golden -w @continuo/server`, which makes the dump of this version: once, with its release. */
const making = process.env.GOLDEN_VERSION;

const start = (env: Readonly<Record<string, string>>): Promise<ServerProcess> =>
  startServer({ entry, env: { ...quick, ...env } });

const tasks: readonly (readonly [agent: string, state: string])[] = [
  ['asks', 'INPUT_REQUIRED'],
  ['asks-by-name', 'INPUT_REQUIRED'],
  ['asks-for-a-key', 'AUTH_REQUIRED'],
  ['branches', 'INPUT_REQUIRED'],
  ['calls-one-that-asks', 'INPUT_REQUIRED'],
  ['is-held', 'INPUT_REQUIRED'],
  ['sleeps', 'WORKING'],
  ['calls', 'WORKING'],
  ['listens', 'WORKING'],
  ['hangs', 'WORKING'],
  ['streams', 'WORKING'],
  ['limited', 'WORKING'],
  ['fails', 'FAILED'],
];

/** Leaves a database with all of them behind, as kill -9 does. */
async function leave(url: string): Promise<Readonly<Record<string, string>>> {
  const env = { DATABASE_URL: url, GOLDEN_NOTES: await makeNotesFile(), GOLDEN_HANGS: 'yes' };
  const before = await start(env);
  const ids: Record<string, string> = {};
  for (const [agent, state] of tasks) {
    ids[agent] = await begin(before.url, agent, agent);
    await inState(before.url, ids[agent], state);
  }
  // Behind the one that works, in the agent's queue.
  ids['limited-next'] = await begin(before.url, 'limited', 'next');
  await until(async () => (await readFile(env.GOLDEN_NOTES, 'utf8')).includes('hangs before'), {
    what: 'the steps to be at work',
  });
  await inArtifact(before.url, ids['hangs'] ?? '', 'early');
  await before.kill('SIGKILL');
  const changed = await start({ ...env, GOLDEN_CODE: 'changed' });
  const answered = answer(changed.url, 'is-held', ids['is-held'] ?? '', 'yes').catch(() => undefined);
  await until(
    async () =>
      (await runOn(url, `SELECT 1 FROM tasks WHERE id = '${ids['is-held']}' AND held IS NOT NULL`)).length > 0,
    { what: 'the task to be held' },
  );
  await changed.kill('SIGKILL');
  await answered;
  return ids;
}

async function inArtifact(url: string, id: string, words: string): Promise<void> {
  const look = async (): Promise<boolean> =>
    JSON.stringify((await call('GET', `${url}/tasks/${id}`)).body).includes(words);
  await until(look, { what: `an artifact with "${words}"` });
}

/** Starts this version on the database, answers what waits, and gives what each task says at its end. */
async function finish(url: string, ids: Readonly<Record<string, string>>) {
  const notes = await makeNotesFile();
  await appendFile(notes, '');
  const server = await start({ DATABASE_URL: url, GOLDEN_NOTES: notes });
  const idOf = (agent: string): string => ids[agent] ?? '';
  const say = (agent: string, text: string): Promise<unknown> => answer(server.url, agent, idOf(agent), text);
  await say('asks', 'yes');
  await say('asks-by-name', 'indeed');
  await say('asks-for-a-key', 'secret');
  await say('calls-one-that-asks', 'below');
  void say('listens', 'a word');
  await say('branches', 'both');
  await say('branches', 'both');
  await call('POST', `${server.url}/tasks/${idOf('fails')}:retry`);
  const said: Record<string, string> = {};
  for (const agent of Object.keys(ids)) said[agent] = saidBy(await inState(server.url, idOf(agent), 'COMPLETED'));
  const { body: streamed } = await call('GET', `${server.url}/tasks/${idOf('streams')}`);
  await server.kill('SIGTERM');
  return {
    said,
    streamed: textAt(streamed, 'artifacts', 0, 'parts', 0, 'text'),
    doneAgain: await readFile(notes, 'utf8'),
  };
}

const finished = {
  said: {
    asks: 'before, yes',
    'asks-by-name': 'named indeed',
    'asks-for-a-key': 'key secret',
    branches: 'both and both',
    'calls-one-that-asks': 'before, below',
    'is-held': 'held yes',
    sleeps: 'slept',
    calls: 'hung and echo',
    listens: 'heard a word',
    hangs: 'hung',
    streams: 'streamed',
    limited: 'in turn',
    'limited-next': 'in turn',
    fails: 'lucky',
  },
  streamed: 'one two three',
  doneAgain: '',
};

const empty = async (): Promise<string> => {
  const { url } = await createTestDatabase();
  await runOn(url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return url;
};

/** The dump that is to be made lies among the others from then on. */
async function goldenOf(version: string): Promise<Golden> {
  if (version === making) {
    const { url } = await createTestDatabase();
    await writeGolden(version, url, await leave(url));
  }
  return readGolden(version);
}

describe('a database with open tasks of every kind', async () => {
  const versions = making === undefined ? await goldenVersions() : [making];
  it.each(versions)('that %s has left is taken up, answered and finished', async (version) => {
    const golden = await goldenOf(version);
    const url = await empty();
    await loadGolden(golden, url);
    expect(await finish(url, golden.tasks)).toEqual(finished);
  });
});
