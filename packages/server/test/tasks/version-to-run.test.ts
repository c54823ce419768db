/** Which version may run which task, for every combination of versions that instances have: the rule of docs/deploys.md. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { versionOrder } from '@continuo/agent/internal/platform/version-order.js';
import { leave, registerInstance } from '../../src/runs/instances.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { triedIn, versionToRun } from '../../src/tasks/version-to-run.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';

let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
});

beforeEach(() => database.query('DELETE FROM instances'));

/** An instance with these versions of the agent, newest first: `2.0.0 pinned,1.0.0 pinned`, or none. */
async function join(versions: string): Promise<string> {
  const id = newId();
  const own = versions.split(',').map((each) => {
    const [version = '', pinned] = each.split(' ');
    return { version, pinned: pinned !== undefined };
  });
  const others = { 'test/other': [{ version: '9.0.0', pinned: true }] };
  await registerInstance(database, id, 'test', 1, versions === '' ? others : { ...others, 'test/agent': own });
  return id;
}

interface Tried {
  /** The version whose code it came to contradict. */
  readonly heldIn?: string;
  /** What has tried it since then, as `held_by` has it. */
  readonly triedBy?: readonly string[];
}

/** What `held_by` says when the version of the instance has tried the task. */
async function tried(instance: string, version: string): Promise<string> {
  const [row] = await database.query<{ tried: string }>(`SELECT ${triedIn('$1::text', '$2::text')} AS tried`, [
    instance,
    version,
  ]);
  return row?.tried ?? '';
}

/** With which version the instance may run a task that ran with `ran`, and is held; undefined for none. */
async function mayRun(
  instance: string,
  ran: string | null,
  held = false,
  { heldIn, triedBy = [] }: Tried = {},
): Promise<string | undefined> {
  const [row] = await database.query<{ version: string }>(
    `SELECT v.version FROM (SELECT 'test/agent' AS agent, $2::text AS agent_version, $3::text COLLATE "C" AS agent_rank,
            $5::text AS held_version, $6::uuid[] AS held_by,
            CASE WHEN $4 THEN json_build_object('found', 'another step') END AS held) t,
     LATERAL (${versionToRun('t', '$1')}) v`,
    [instance, ran, ran === null ? null : versionOrder(ran), held, heldIn ?? null, triedBy],
  );
  return row?.version;
}

/** What each of the instances, which live at the same time, may run a task with that ran with `ran`. */
async function allowed(
  instances: readonly string[],
  ran: string | null,
  held = false,
): Promise<readonly (string | undefined)[]> {
  const ids: string[] = [];
  for (const versions of instances) ids.push(await join(versions));
  return Promise.all(ids.map((id) => mayRun(id, ran, held)));
}

type Row = readonly [
  what: string,
  instances: readonly string[],
  ran: string | null,
  versions: readonly (string | undefined)[],
];

const no = undefined;

const rows: readonly Row[] = [
  ['one that has not run goes with the newest of each', ['1.0.0', '2.0.0,1.0.0 pinned'], null, ['1.0.0', '2.0.0']],
  ['an agent that is not there', ['1.0.0', ''], '1.0.0', ['1.0.0', no]],
  ['the same version everywhere', ['1.0.0', '1.0.0'], '1.0.0', ['1.0.0', '1.0.0']],
  ['newer ones go on', ['1.9.0', '1.10.0', '2.0.0'], '1.9.0', ['1.9.0', '1.10.0', '2.0.0']],
  ['older ones do not while newer ones live', ['1.0.0', '2.0.0'], '2.0.0', [no, '2.0.0']],
  ['nor when only another newer one is left', ['1.0.0', '3.0.0'], '2.0.0', [no, '3.0.0']],
  ['the newest that is left goes on in a rollback', ['1.0.0', '1.1.0'], '2.0.0', [no, '1.1.0']],
  ['a candidate is older than its release', ['2.0.0-rc.1', '2.0.0'], '2.0.0', [no, '2.0.0']],
  ['a pinned one stays', ['1.0.0 pinned', '2.0.0 pinned'], '1.0.0', ['1.0.0', no]],
  ['also in a process that has newer ones', ['2.0.0 pinned,1.0.0 pinned', '3.0.0'], '1.0.0', ['1.0.0', no]],
  ['the newer of two pinned ones stays as well', ['1.0.0 pinned', '2.0.0 pinned'], '2.0.0', [no, '2.0.0']],
  ['one whose pinned version is gone goes on', ['2.0.0 pinned', '3.0.0,2.0.0 pinned'], '1.0.0', ['2.0.0', '3.0.0']],
  ['also backwards, with the newest', ['1.0.0 pinned', '2.0.0 pinned'], '3.0.0', [no, '2.0.0']],
  ['the code that is kept says whether it is pinned', ['1.0.0', '2.0.0 pinned'], '1.0.0', ['1.0.0', '2.0.0']],
];

const heldRows: readonly Row[] = [
  ['older ones may try as well', ['1.0.0', '2.0.0', '3.0.0'], '2.0.0', ['1.0.0', '2.0.0', '3.0.0']],
  ['with the newest that each has', ['1.5.0,1.0.0 pinned', '2.0.0'], '2.0.0', ['1.5.0', '2.0.0']],
  ['a pinned one stays all the same', ['1.0.0', '2.0.0 pinned', '3.0.0'], '2.0.0', [no, '2.0.0', no]],
  ['an agent that is not there', ['1.0.0', ''], '2.0.0', ['1.0.0', no]],
];

describe('a task is run', () => {
  it.each(rows)('%s: by %j, after %s', async (_what, instances, ran, versions) => {
    expect(await allowed(instances, ran)).toEqual(versions);
  });

  it.each(heldRows)('while it is held: %s: by %j, after %s', async (_what, instances, ran, versions) => {
    expect(await allowed(instances, ran, true)).toEqual(versions);
  });

  it('while it is held: by each version that an instance has, once, the newest first', async () => {
    const instance = await join('3.0.0,2.0.0 pinned,1.0.0 pinned');
    const triedBy: string[] = [];
    const came: (string | undefined)[] = [];
    for (let version = await mayRun(instance, '3.0.0', true); ;) {
      came.push(version);
      if (version === undefined) break;
      triedBy.push(await tried(instance, version));
      version = await mayRun(instance, version, true, { heldIn: '3.0.0', triedBy });
    }
    expect(came).toEqual(['3.0.0', '2.0.0', '1.0.0', undefined]);
    const other = await join('3.0.0');
    expect(await mayRun(other, '1.0.0', true, { heldIn: '3.0.0', triedBy })).toBe('3.0.0');
  });

  it('while it is held by a pinned version: by that alone, whatever tried it while that was away', async () => {
    const [pinned, newer] = [await join('1.0.0 pinned'), await join('2.0.0 pinned')];
    const since = { heldIn: '1.0.0', triedBy: [await tried(newer, '2.0.0')] };
    expect(await mayRun(pinned, '2.0.0', true, since)).toBe('1.0.0');
    expect(await mayRun(await join('3.0.0'), '2.0.0', true, since)).toBeUndefined();
  });

  it('by others as soon as an instance has left', async () => {
    const [pinned, newer, old] = [await join('1.0.0 pinned'), await join('2.0.0'), await join('0.9.0')];
    expect(await Promise.all([pinned, newer, old].map((id) => mayRun(id, '1.0.0')))).toEqual(['1.0.0', no, no]);
    await leave(database, pinned);
    expect(await Promise.all([newer, old].map((id) => mayRun(id, '1.0.0')))).toEqual(['2.0.0', no]);
    await leave(database, newer, false);
    expect(await mayRun(old, '1.0.0')).toBe('0.9.0');
  });
});
