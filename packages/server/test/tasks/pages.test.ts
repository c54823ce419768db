/** The log in pages: whatever is said together, it is read as it was said, from any event on. */
import fc from 'fast-check';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { foldArtifacts } from '@continuo/agent/internal/tasks/fold.js';
import type { EventRow, NewEvent, LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { Caller } from '../../src/platform/caller.js';
import { appendStatements } from '../../src/tasks/append-statement.js';
import { pagesText } from '../../src/tasks/new-pages.js';
import { BEGINNING, readFeed, type FeedPosition } from '../../src/tasks/read-feed.js';
import { readEvents } from '../../src/tasks/read-events.js';
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
} from '../support/log-instance.js';
import { until } from '../support/until.js';

let url: string;
let instance: LogInstance;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  instance = await startLogInstance(url);
});

async function rowsOf(taskId: string): Promise<readonly { readonly first_seq: number; readonly last_seq: number }[]> {
  return instance.database.query('SELECT first_seq, last_seq FROM task_pages WHERE task_id = $1 ORDER BY last_seq', [
    taskId,
  ]);
}

/** The log behind `after`, in as many reads as it takes. */
async function logBehind(taskId: string, after: number): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for (let from = after; ;) {
    const page = await readEvents(instance.database, taskId, from);
    const last = page.at(-1);
    if (last === undefined) return events;
    events.push(...page);
    from = last.seq;
  }
}

/** Separators of PostgreSQL's texts, of JSON and of arrays, and what is written like nothing. */
const oddKeys = ['a\x1fb', 'c\x1ed', '\x1d', '"quoted" \\ {x,y}', 'NULL', '', '\u{1F600}', 'line\nbreak'];

describe('what one append says', () => {
  it.each([...oddKeys.map((key) => [key]), oddKeys, ['plain', 'also plain']])(
    'keeps the keys of its events, whatever is in them: %j',
    async (...keys) => {
      const task = await openTask(instance);
      const events = keys.map((key, n) => ({ ...chunk('a', `${n} `), key }));
      await instance.log.append(appendOf(task, 1, events));
      const stored = await instance.database.query(
        'SELECT keys FROM task_pages WHERE task_id = $1 ORDER BY last_seq DESC LIMIT 1',
        [task.id],
      );
      expect(stored).toEqual([{ keys }]);
    },
  );

  it('lies in one row, a hundred events as well as one', async () => {
    const task = await openTask(instance);
    const events = Array.from({ length: 100 }, (_, n) => chunk('a', `${n} `));
    await instance.log.append(appendOf(task, 1, events));
    expect(await rowsOf(task.id)).toEqual([
      { first_seq: 1, last_seq: 2 },
      { first_seq: 3, last_seq: 102 },
    ]);
  });

  it('lies in several when it is large, or has several messages of the history', async () => {
    const task = await openTask(instance);
    const said = (text: string) => status('WORKING', { message: sayIn(task, text), inHistory: true });
    const large = chunk('a', 'x'.repeat(70_000));
    await instance.log.append(appendOf(task, 1, [said('one'), said('two'), chunk('a', 'b'), large, chunk('a', 'c')]));
    expect(await rowsOf(task.id)).toEqual([
      { first_seq: 1, last_seq: 2 },
      { first_seq: 3, last_seq: 3 },
      { first_seq: 4, last_seq: 5 },
      { first_seq: 6, last_seq: 6 },
      { first_seq: 7, last_seq: 7 },
    ]);
    const { task: read } = await instance.tasks.get(task.caller, task.id, { artifacts: true });
    expect(read.history?.map(({ parts }) => parts[0]?.text)).toEqual(['go', 'one', 'two']);
  });
});

const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.constantFrom('x'.repeat(30_000), '"'.repeat(40_000), 'ä'.repeat(70_000)) },
);
const said: fc.Arbitrary<NewEvent> = fc.oneof(
  fc
    .record({ id: fc.constantFrom('a', 'b', 'c'), append: fc.boolean(), text })
    .map(({ id, append, text: chunkText }) => chunk(id, chunkText, { append })),
  fc.record({ text, inHistory: fc.boolean() }).map(({ text: words, inHistory }) =>
    status('WORKING', {
      message: { messageId: newId(), role: 'ROLE_AGENT', parts: [{ text: words }] },
      inHistory,
      progress: { fraction: 0.5, stage: 'half' },
    }),
  ),
);

describe('the log', () => {
  it(
    'is what was said, from whatever event it is read on, and the task is its fold',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(said, { minLength: 1, maxLength: 8 }), { maxLength: 5 }),
          async (appends) => {
            const task = await openTask(instance);
            const seen: LogEvent[] = [];
            const gone = new AbortController();
            const following = (async () => {
              for await (const event of instance.subscriptions.follow(task.id, 0, gone.signal)) {
                seen.push(event);
                if (event.seq === 2 + appends.flat().length) gone.abort();
              }
            })();
            for (const [index, events] of appends.entries())
              await instance.log.append(appendOf(task, index + 1, events));
            await following;
            const log = await logBehind(task.id, 0);
            expect(log.map(({ seq }) => seq)).toEqual(
              Array.from({ length: 2 + appends.flat().length }, (_, n) => n + 1),
            );
            expect(log).toEqual(seen);
            for (const { seq } of log) expect(await logBehind(task.id, seq)).toEqual(log.slice(seq));
            const chunks = log.flatMap(({ response }) =>
              'artifactUpdate' in response ? [response.artifactUpdate] : [],
            );
            const { task: read } = await instance.tasks.get(task.caller, task.id, { artifacts: true });
            expect(read.artifacts).toEqual(foldArtifacts(chunks));
            await expectFeed(task.caller, log);
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});

describe('a transaction that got its id first, and to the log last', () => {
  it('is read behind what was there before it', async () => {
    const task = await openTask(instance);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_current_xact_id()');
      await instance.log.append(appendOf(task, 1, [chunk('a', 'first')]));
      const end = { task_id: task.id, events: 1, states: ['WORKING'], state: 'CANCELED', status_at: new Date() };
      const canceled = { state: 'TASK_STATE_CANCELED' as const, timestamp: new Date().toISOString() };
      const event: EventRow = {
        task_id: task.id,
        ord: 1,
        key: 'cancel',
        kind: 'statusUpdate',
        payload: { taskId: task.id, contextId: task.contextId, status: canceled },
        message: null,
        artifact_id: null,
        created_at: canceled.timestamp,
      };
      const later = new Date(Date.now() + 60_000).toISOString();
      const values = [JSON.stringify([end]), pagesText([event]), '[]', '[]', '[]'];
      await client.query(appendStatements(recordedWithTheLog, recordedWithTheLog.auditing).any, [...values, later]);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
    await expectFeed(task.caller, await logBehind(task.id, 0));
    expect(await rowsOf(task.id)).toHaveLength(3);
  });
});

/** The feed of the owner has the events of the log, and goes on behind each of them. */
async function expectFeed(caller: Caller, log: readonly LogEvent[]): Promise<void> {
  // Nothing is read of what is younger than a transaction under way, that of another test for instance.
  const positions = await until(
    async () => {
      const found = await feedOf(caller);
      return found.length >= log.length && found;
    },
    { what: 'the feed to have all of the log' },
  );
  expect(positions.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
  for (const [index, position] of positions.entries()) {
    const [next] = await readFeed(instance.database, { caller }, position);
    expect(next?.seq).toBe(log[index + 1]?.seq);
  }
}

async function feedOf(caller: Caller): Promise<readonly FeedPosition[]> {
  const positions: FeedPosition[] = [];
  for (let after = BEGINNING; ;) {
    const page = await readFeed(instance.database, { caller }, after);
    const last = page.at(-1);
    if (last === undefined) return positions;
    positions.push(...page.map(({ position }) => position));
    after = last.position;
  }
}
