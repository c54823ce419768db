/** Tasks whose time has come, or what they waited for, are left to instances that can run them, and to nobody for ever. */
import { beforeAll, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { registerInstance } from '../../src/runs/instances.js';
import { leaveToOthers, wakeSleepers } from '../../src/tasks/find-due.js';
import { takeWanted } from '../../src/tasks/find-tasks.js';
import { createTestDatabase } from '../support/database.js';
import { begin, startOne } from '../support/two-instances.js';
import { afterThisTest } from '../support/outcome.js';

let database: Database;
let url: string;
/** One that has the agent, and one that hasn't. */
let [able, unable] = ['', ''];

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  const server = await startOne({ DATABASE_URL: url, CONTINUO_SWEEP_MS: '3600000' });
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
  taskId = await begin(server.url, 'asks');
  [able, unable] = [await instanceWith('test/sleeps'), await instanceWith('test/other')];
});

let taskId = '';

async function instanceWith(agent: string): Promise<string> {
  const id = newId();
  await registerInstance(database, id, 'test', 1, { [agent]: [{ version: '1.0.0', pinned: false }] });
  return id;
}

/** The task sleeps until then, in nobody's hands. */
async function sleepsUntil(time: Date | null): Promise<void> {
  await database.query(
    `UPDATE tasks SET state = 'WORKING', run_token = NULL, reviving_at = NULL, agent_version = NULL, agent_rank = NULL,
       agent = 'test/sleeps', wakes_at = $1 WHERE id = $2`,
    [time?.toISOString() ?? null, taskId],
  );
}

const ago = (ms: number): Date => new Date(Date.now() - ms);

it('one that sleeps is woken by whoever can run it', async () => {
  await sleepsUntil(ago(1_000));
  expect(await wakeSleepers(database, new Date(), unable)).toEqual([]);
  expect(await wakeSleepers(database, new Date(), able)).toEqual([taskId]);
});

it('one that nobody has woken for a while is woken by anybody', async () => {
  await sleepsUntil(ago(11_000));
  expect(await wakeSleepers(database, new Date(), unable)).toEqual([taskId]);
});

it('one that is to go on, where it can not, is told to whoever can run it', async () => {
  await sleepsUntil(null);
  const alive = new Set([able, unable]);
  expect(await takeWanted(database, { alive, by: unable }, [taskId])).toEqual([]);
  await leaveToOthers(database, new Date(), unable, [taskId]);
  expect(await wakeSleepers(database, new Date(), unable)).toEqual([]);
  expect(await wakeSleepers(database, new Date(), able)).toEqual([taskId]);
  expect((await takeWanted(database, { alive, by: able }, [taskId])).map(({ id }) => id)).toEqual([taskId]);
});

it('one that can go on here is left to nobody', async () => {
  await sleepsUntil(null);
  await leaveToOthers(database, new Date(), able, [taskId]);
  expect(await takeWanted(database, { alive: new Set([able]), by: able }, [taskId])).toHaveLength(1);
});
