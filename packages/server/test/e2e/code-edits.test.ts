/** Edits of an agent's code in every state of its tasks, however the code came: docs/changed-code.md says what becomes of them. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { edits, states as allStates } from '../support/edited-agents.mjs';
import { expectedOf, type How, type Version } from '../support/edited-outcome.js';
import { EditedTasks, nameIn, type EditedTask, type Shown } from '../support/edited-tasks.js';
import { readEdits, type Pair } from '../support/edits-table.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { makeTestDirectory } from '../support/test-directory.js';

const entry = new URL('../support/edited-server.mjs', import.meta.url).pathname;
/** Set by `npm run edits -w @continuo/server`: every edit in every state, however the code comes. */
const everyPair = process.env.EVERY_EDIT === 'yes';
const ways = ['SIGKILL', 'SIGTERM', 'rolling', 'rollback'] as const;
const quick = {
  CONTINUO_DRAIN_MS: '500',
  ...soon,
};
const place = ['Book it?', 'Shall I book it?'];
const all = [...place, 'Close it?'];
const onNew = { place: 'new', book: 'new', now: 'new', interrupted: true } as const;
const onOld = { place: 'old', book: 'old', now: 'old', interrupted: true } as const;

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

const start = (version: Version): Promise<ServerProcess> =>
  startServer({ entry, env: { ...quick, DATABASE_URL: databaseUrl, AGENTS_VERSION: version } });

/** A third of the pairs for each way: every edit in two states, every state with a third of the edits. Three ways have each pair. */
function pairsOf(way: (typeof ways)[number]): readonly Pair[] {
  const at = ({ edit, state }: Pair): number => edits.indexOf(edit) + allStates.indexOf(state) + ways.indexOf(way);
  return pairs.filter((pair) => everyPair || at(pair) % 3 === 0);
}

const isHeld = ({ withNew }: Pair): boolean => typeof withNew === 'object';
const fails = ({ withNew }: Pair): boolean => withNew === 'fails';
const now = (): string => new Date().toISOString();

/** Of `tasks` those that are something else than `how` says, with what they should be and what they are. */
async function others(
  url: string,
  tasks: EditedTasks,
  of: readonly EditedTask[],
  how: (task: EditedTask, shown: Shown) => How,
): Promise<readonly unknown[]> {
  const compared = (await tasks.shown(url, of)).map(([task, shown]) => {
    return { pair: nameIn(task), shown, expected: expectedOf(task, how(task, shown)) };
  });
  return compared.filter(({ shown, expected }) => !isDeepStrictEqual(shown, expected));
}

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
    const tasks = await EditedTasks.begin(old.url, databaseUrl, directory, pairsOf(signal));
    await old.kill(signal);
    const heldSince = now();
    const fresh = await start('new');
    await release(fresh, tasks, heldSince);
    await tasks.settle(fresh.url, tasks.all, { questions: all, heldSince });
    expect(await others(fresh.url, tasks, tasks.all, ({ withNew }) => ({ ...onNew, outcome: withNew }))).toEqual([]);
    await fresh.kill('SIGTERM');

    // What is held goes on by itself; what failed can be tried again.
    const back = await start('old');
    const again = tasks.all.filter((task) => isHeld(task) || fails(task));
    await tasks.retry(back.url, again.filter(fails));
    await tasks.settle(back.url, again, { questions: all });
    expect(await others(back.url, tasks, again, () => ({ ...onOld, outcome: 'goes on' }))).toEqual([]);
  });
});

describe('in a rolling deploy', () => {
  it('old instances go on with what the new code holds', async () => {
    const old = await start('old');
    const tasks = await EditedTasks.begin(old.url, databaseUrl, directory, pairsOf('rolling'));
    const fresh = await start('new');
    await release(fresh, tasks);
    const states = await tasks.settle(fresh.url, tasks.all, { questions: all });
    const failed = tasks.all.filter(({ id }) => states.get(id) === 'FAILED');
    expect(failed.filter((task) => !fails(task))).toEqual([]);
    await fresh.kill('SIGTERM');
    await tasks.retry(old.url, failed);
    await tasks.settle(old.url, failed, { questions: all });
    expect(await others(old.url, tasks, tasks.all, rolledOut)).toEqual([]);
  });
});

/**
 * Which instance did what is by chance, where both may: the task says it. What the new code holds, the old one has done;
 * what the new code leaves out, it doesn't miss once the old one has done what is behind it.
 */
function rolledOut(task: EditedTask, { said }: Shown): How {
  if (said === 'Left early.' && task.withNew === 'ends') return { ...onNew, interrupted: false, outcome: 'ends' };
  const leavesOut = task.edit.startsWith('remove') && task.state !== 'waiting';
  const ends = leavesOut && said.endsWith('close new') ? 'new' : 'old';
  if (isHeld(task) || fails(task)) return { ...onOld, now: ends, interrupted: false, outcome: 'goes on' };
  const by = (step: RegExp): Version => (step.exec(said)?.[1] === 'new' ? 'new' : 'old');
  const book = by(/book (\w+)/);
  const atPlace = by(/(?:work|toil|pay|charge|nap) (\w+)/);
  const isNoted = /work|toil|pay|charge|nap/.test(said);
  return { place: isNoted ? atPlace : book, book, now: by(/close (\w+)/), interrupted: false, outcome: 'goes on' };
}

describe('after a rollback', () => {
  it('the old code goes on with what the new one did, or holds it until that is back', async () => {
    const old = await start('old');
    const tasks = await EditedTasks.begin(old.url, databaseUrl, directory, pairsOf('rollback'));
    await old.kill('SIGTERM');
    const fresh = await start('new');
    await release(fresh, tasks, now());
    await fresh.kill('SIGTERM');
    const heldSince = now();
    const back = await start('old');
    await tasks.retry(back.url, tasks.all.filter(fails));
    await tasks.settle(back.url, tasks.all, { questions: all, heldSince });
    expect(await others(back.url, tasks, tasks.all, rolledBack)).toEqual([]);
    await back.kill('SIGTERM');

    const again = tasks.all.filter((task) => typeof task.rolledBack === 'object');
    const forward = await start('new');
    await tasks.settle(forward.url, again, { questions: all });
    expect(await others(forward.url, tasks, again, () => ({ ...onNew, outcome: 'goes on' }))).toEqual([]);
  });
});

function rolledBack(task: EditedTask): How {
  const outcome = task.rolledBack;
  if (outcome === 'ends') return { ...onNew, outcome };
  return isHeld(task) || fails(task) ? { ...onOld, outcome } : { ...onNew, now: 'old', outcome };
}
