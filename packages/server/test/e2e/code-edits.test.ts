/** Every edit of an agent's code, in every state of its tasks, however the code came: docs/changed-code.md says what then becomes of them. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { expectedOf, type How } from '../support/edited-outcome.js';
import { EditedTasks, type EditedTask, type Shown } from '../support/edited-tasks.js';
import { readEdits, type Pair } from '../support/edits-table.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';

const entry = new URL('../support/edited-server.mjs', import.meta.url).pathname;
const quick = {
  CONTINUO_DRAIN_MS: '500',
  CONTINUO_LEASE_MS: '3000',
  CONTINUO_HEARTBEAT_MS: '500',
  CONTINUO_SWEEP_MS: '200',
};
const place = ['Book it?', 'Shall I book it?'];
const all = [...place, 'Close it?'];

const onNew = { now: 'new', place: 'new', book: 'new', interrupted: true } as const;
const onOld = { now: 'old', place: 'old', book: 'old', interrupted: true } as const;

let pairs: readonly Pair[];
let databaseUrl: string;
let directory: string;

beforeAll(async () => {
  pairs = await readEdits();
});

beforeEach(async () => {
  databaseUrl = (await createTestDatabase()).url;
  directory = await makeTestDirectory('edits');
});

const start = (version: 'old' | 'new'): Promise<ServerProcess> =>
  startServer({ entry, env: { ...quick, DATABASE_URL: databaseUrl, AGENTS_VERSION: version } });

const isHeld = ({ then }: Pair): boolean => typeof then === 'object';
const nameIn = ({ edit, state }: Pair): string => `${edit}, ${state}`;

/** What is to be seen of each, by its name. */
async function shown(url: string, tasks: EditedTasks, of = tasks.all): Promise<Readonly<Record<string, Shown>>> {
  return Object.fromEntries(await Promise.all(of.map(async (task) => [nameIn(task), await tasks.shown(url, task)])));
}

function expected(of: readonly EditedTask[], how: (task: EditedTask) => How): Readonly<Record<string, Shown>> {
  return Object.fromEntries(of.map((task) => [nameIn(task), expectedOf(task, how(task))]));
}

const now = (): string => new Date().toISOString();

/** From the place on with the code of `server`; what was cancelled or has failed stays so until it is retried. */
async function release(server: ServerProcess, tasks: EditedTasks, heldSince?: string): Promise<void> {
  await tasks.open();
  await tasks.passTime();
  const ended = tasks.of('cancelled', 'failed');
  const alive = tasks.all.filter((task) => !ended.includes(task));
  await tasks.settle(server.url, alive, { questions: place, heldSince });
  const states = await tasks.settle(server.url, ended, { questions: [] });
  for (const { id, state } of ended) expect(states.get(id)).toBe(state === 'failed' ? 'FAILED' : 'CANCELED');
  await tasks.retry(server.url, ended);
  await tasks.settle(server.url, ended, { questions: place, heldSince });
}

describe.each(['SIGKILL', 'SIGTERM'] as const)('after a deploy by %s', (signal) => {
  it('tasks go on, end, or are held until the old code is back', async () => {
    const old = await start('old');
    const tasks = await EditedTasks.begin(old.url, databaseUrl, directory, pairs);
    await old.kill(signal);
    const deployed = now();
    const fresh = await start('new');
    await release(fresh, tasks, deployed);
    await tasks.settle(fresh.url, tasks.all, { questions: all, heldSince: deployed });
    expect(await shown(fresh.url, tasks)).toEqual(expected(tasks.all, ({ then }) => ({ ...onNew, outcome: then })));
    await fresh.kill('SIGTERM');

    // What is held goes on by itself; what failed can be tried again.
    const back = await start('old');
    await tasks.retry(
      back.url,
      tasks.all.filter(({ then }) => then === 'fails'),
    );
    const again = tasks.all.filter((task) => isHeld(task) || task.then === 'fails');
    await tasks.settle(back.url, again, { questions: all });
    expect(await shown(back.url, tasks, again)).toEqual(expected(again, () => ({ ...onOld, outcome: 'goes on' })));
  });
});
