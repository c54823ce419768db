/** What ordinary tasks and runs have stored by shorter statements is what the statements for everything would have stored. */
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { NewEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { entriesStatement } from '../../src/tasks/append-entries.js';
import { appendStatements, ordinaryAppend } from '../../src/tasks/append-statement.js';
import { claimStatement } from '../../src/tasks/claim-tasks.js';
import { EventLog } from '../../src/tasks/event-log.js';
import { openAny, openAnyWithinQuota, openOrdinary, openOrdinaryWithinQuota } from '../../src/tasks/open-statement.js';
import { createTestDatabase } from '../support/database.js';
import {
  appendOf,
  chunk,
  openTask,
  recordedWithTheLog,
  sayIn,
  startLogInstance,
  status,
  type LogInstance,
  type OwnTask,
} from '../support/log-instance.js';
import { afterThisTest } from '../support/outcome.js';
import { runOn } from '../support/postgres.js';

class NamingDatabase extends Database {
  names: string[] = [];

  override inTime<Row extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]) {
    this.names.push(name);
    return super.inTime<Row>(name, text, values);
  }
}

const full = appendStatements(recordedWithTheLog, recordedWithTheLog.auditing);

let url: string;
let database: NamingDatabase;
let instance: LogInstance;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  database = new NamingDatabase(url, { poolSize: 4, log: createLog('silent') });
  afterThisTest(() => database.close());
  const started = await startLogInstance(url);
  instance = {
    ...started,
    database,
    log: new EventLog(database, started.subscriptions, recordedWithTheLog, started.log.objects),
  };
});

/** All that is stored of a task, its own ids and times put aside. */
async function storedOf(task: OwnTask): Promise<string> {
  const { id, opened } = task;
  const rows = await runOn(
    url,
    `SELECT
       (SELECT to_jsonb(t) - 'log_xid' FROM tasks t WHERE t.id = '${id}') AS task,
       (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.seq) FROM task_events e WHERE e.task_id = '${id}') AS events,
       (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.artifact_id) FROM artifacts a WHERE a.task_id = '${id}') AS artifacts,
       (SELECT jsonb_agg(to_jsonb(c) - 'xid' ORDER BY c.first_seq) FROM task_pages c WHERE c.task_id = '${id}') AS pages,
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.seq) FROM messages m WHERE m.session_id = '${opened.sessionId}') AS messages,
       (SELECT to_jsonb(s) FROM sessions s WHERE s.id = '${opened.sessionId}') AS session`,
  );
  const own = [id, task.token, task.contextId, task.caller.owner, opened.sessionId ?? '', opened.message.messageId];
  return (
    own
      .reduce((text, value, index) => text.replaceAll(value, `<${index}>`), JSON.stringify(rows[0], null, 1))
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '<time>')
      // Each word is behind a mark of its owner, and each form has one of its own.
      .replaceAll(/'[\da-f]{8}(?=[a-z])/g, "'<mark>")
  );
}

/** The names of the statements that `work` has carried out. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  database.names = [];
  await work();
  return database.names;
}

/** The plan of `statement` on connections of `Database.prepared`. */
async function planOf(statement: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${statement}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.end();
  }
}

const said: Message = { messageId: 'said', role: 'ROLE_AGENT', parts: [{ text: 'half of it' }] };
const failure = { name: 'Error', message: 'no', causes: [] };

const appends: Readonly<Record<string, readonly NewEvent[]>> = {
  'a word on progress': [status('WORKING', { key: 'a', message: said, progress: { fraction: 0.5, stage: 'half' } })],
  'chunks of two artifacts': [
    chunk('x', 'a', { key: 'a', append: false }),
    chunk('y', 'b', { key: 'b' }),
    chunk('x', 'c', { key: 'c', lastChunk: true }),
  ],
  'an end with a result': [
    chunk('x', 'a', { key: 'a', append: false, lastChunk: true }),
    status('COMPLETED', { key: 'b', message: said, inHistory: true }),
  ],
  'an end with a failure': [status('FAILED', { key: 'a', message: said, inHistory: true, failure })],
};

describe('an append of a run', () => {
  it.each(Object.entries(appends))('stores the same in both forms: %s', async (_, events) => {
    const [one, other, beside] = await Promise.all([openTask(instance), openTask(instance), openTask(instance)]);
    const append = (task: OwnTask) => {
      const message = { ...sayIn(task, 'as I said'), messageId: 'reply' };
      return instance.log.append(appendOf(task, 1, events, { sessionMessages: [message], bodyEvents: 1 }));
    };
    const released = () => instance.log.append(appendOf(beside, 1, [], { release: true }));
    expect(await statementsOf(() => append(one))).toEqual(['append-events']);
    expect(await statementsOf(() => Promise.all([append(other), released()]))).toEqual(['append-and-record']);
    expect(await storedOf(one)).toEqual(await storedOf(other));
  });

  it('numbers messages that go into one session at once', async () => {
    const one = await openTask(instance);
    const two = await openTask(instance, one);
    const say = (task: OwnTask, text: string) =>
      instance.log.append(appendOf(task, 1, [], { sessionMessages: [sayIn(task, text)] }));
    await Promise.all([say(one, 'a'), say(two, 'b')]);
    const rows = await runOn<{ seq: string }>(
      url,
      `SELECT seq FROM messages WHERE session_id = '${one.opened.sessionId}' ORDER BY seq`,
    );
    expect(rows.map(({ seq }) => Number(seq))).toEqual([1, 2, 3, 4]);
  });
});

// Statistics say that hardly any task works, as is often true when they are made: the plan is kept when many do.
describe('finds its task by its id, however few work', () => {
  it.each([
    ['an append of a run', ordinaryAppend],
    ['any append', full.any],
    ['an append that the audit log has', full.audited],
    ['entries of the journal', entriesStatement(recordedWithTheLog)],
    ['a claim', claimStatement],
    ['a new task', openOrdinary],
    ['any new task', openAny],
    ['any new task within a quota', openAnyWithinQuota],
    ['a new task within a quota', openOrdinaryWithinQuota],
  ])('%s', async (_, statement) => {
    await Promise.all(Array.from({ length: 300 }, () => openTask(instance)));
    await runOn(url, "UPDATE tasks SET state = 'COMPLETED'");
    await runOn(url, 'VACUUM ANALYZE tasks');
    const plan = await planOf(statement);
    expect(plan).not.toMatch(/tasks_(by_state|recent|by_agent|to_run|to_wake)/);
  });
});

describe('a new task', () => {
  it('is stored the same in both forms', async () => {
    let [one, other]: (OwnTask | undefined)[] = [];
    expect(await statementsOf(async () => (one = await openTask(instance)))).toEqual(['open-tasks']);
    const later = await openTask(instance);
    const waiting = { ...later.opened, id: newId(), message: { ...later.opened.message, messageId: newId() } };
    const beside = () => instance.log.open({ ...waiting, run: null, sessionMessage: null, blockedBy: later.id });
    const both = async () => ([other] = await Promise.all([openTask(instance), beside()]));
    expect(await statementsOf(both)).toEqual(['open-any-tasks']);
    expect(one && (await storedOf(one))).toEqual(other && (await storedOf(other)));
  });
});
