/** A database that moved: dumped in one cluster and restored in another, or gone back in time. */
import { expect, it } from 'vitest';
import { BEGINNING as beginning, formatPosition } from '../../src/tasks/read-feed.js';
import { createTestDatabase } from '../support/database.js';
import { framesOf } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { ageCluster, restore } from '../support/restore.js';
import { startStoppablePostgres } from '../support/stoppable-postgres.js';
import { answer, inState, startOne } from '../support/two-instances.js';
import { until } from '../support/until.js';

const start = (DATABASE_URL: string) => startOne({ DATABASE_URL });

async function begin(url: string, agent: string, sessionId?: string) {
  const message = { parts: [{ data: { steps: 2, delayMs: 1 } }] };
  const { body } = await call('POST', `${url}/agents/${agent}/tasks`, { body: { message, sessionId } });
  return { id: textAt(body, 'id'), contextId: textAt(body, 'contextId') };
}

/** The ids of the stream's events behind `after`: at least `count` of them. */
async function read(url: string, count: number, after?: string): Promise<readonly string[]> {
  const client = new AbortController();
  const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': after };
  const response = await fetch(url, { headers, signal: client.signal });
  const positions: string[] = [];
  const reading = (async () => {
    for await (const { position = '', data } of framesOf(response)) {
      if (JSON.stringify(data) !== '{}') positions.push(position);
    }
  })().catch(() => undefined);
  await until(() => positions.length >= count, { what: `${count} events of ${url}` });
  client.abort();
  await reading;
  return positions;
}

async function eventsOf(url: string, ids: readonly string[]): Promise<number> {
  const rows = await runOn<{ n: number }>(
    url,
    `SELECT count(*)::int AS n FROM task_events WHERE task_id IN (${ids.map((id) => `'${id}'`).join(', ')})`,
  );
  return rows[0]?.n ?? 0;
}

const BEGINNING = formatPosition(beginning);

/** `task.seq` of each: what stays when the numbers of transactions don't. */
const ofTasks = (positions: readonly string[]) => positions.map((position) => position.replace(/^[^.]*\./, ''));

it.each([
  ['a younger cluster', 30_000, 0],
  ['an older cluster', 0, 30_000],
])('a database restored into %s goes on: tasks, feeds, and their readers', async (_where, here, there) => {
  const { url: from } = await createTestDatabase();
  await ageCluster(from, here);
  const before = await start(from);
  const first = await begin(before.url, 'function/countdown');
  const asking = await begin(before.url, 'test/asks', first.contextId);
  await inState(before.url, first.id, 'COMPLETED');
  await inState(before.url, asking.id, 'INPUT_REQUIRED');
  const known = await eventsOf(from, [first.id, asking.id]);
  const session = `/sessions/${first.contextId}/events`;
  const inSession = await read(before.url + session, known);
  const [seen] = inSession.slice(2);
  const last = inSession.at(-1);
  await before.kill('SIGTERM');

  const cluster = await startStoppablePostgres();
  await ageCluster(cluster.url, there);
  await restore(from, cluster.url);
  const after = await start(cluster.url);
  expect(await read(after.url + session, known)).toEqual(inSession);

  await answer(after.url, 'asks', asking.id, 'word');
  await inState(after.url, asking.id, 'COMPLETED');
  const next = await begin(after.url, 'function/countdown', first.contextId);
  await inState(after.url, next.id, 'COMPLETED');
  const all = await eventsOf(cluster.url, [first.id, asking.id, next.id]);
  const whole = await read(after.url + session, all);
  expect(whole.slice(0, known)).toEqual(inSession);
  expect(new Set(ofTasks(whole)).size).toBe(all);
  expect(whole.length).toBe(all);
  // Readers from before go on behind what they have seen, in the session and among all of the owner's tasks.
  expect(await read(after.url + session, all - 3, seen)).toEqual(whole.slice(3));
  expect(await read(after.url + session, all - known, last)).toEqual(whole.slice(known));
  expect(await read(`${after.url}/tasks/events`, all - known, last)).toEqual(whole.slice(known));
});

it('a database whose transactions are numbered from before goes on: its rows came from elsewhere', async () => {
  const { url: database } = await createTestDatabase();
  const before = await start(database);
  const first = await begin(before.url, 'function/countdown');
  await inState(before.url, first.id, 'COMPLETED');
  await before.kill('SIGTERM');
  await runOn(database, `UPDATE task_pages SET xid = ((xid::text::bigint + 5000000)::text)::xid8`);

  const ids = [first.id];
  while (ids.length < 3) {
    const again = await start(database);
    const session = `${again.url}/sessions/${first.contextId}/events`;
    const inSession = await read(session, await eventsOf(database, ids));
    const next = await begin(again.url, 'function/countdown', first.contextId);
    await inState(again.url, next.id, 'COMPLETED');
    const more = await eventsOf(database, [next.id]);
    expect((await read(session, more, inSession.at(-1))).length).toBe(more);
    ids.push(next.id);
    await again.kill('SIGTERM');
  }
  const epochs = await runOn<{ n: number }>(database, 'SELECT count(*)::int AS n FROM commit_epochs');
  expect(at(epochs, 0, 'n')).toBe(2);
});

it('what was under way when the backup was made goes on, and nobody waits for the instances of then', async () => {
  const { url: from } = await createTestDatabase();
  const before = await start(from);
  const message = { parts: [{ data: { steps: 30, delayMs: 100 } }] };
  const { body } = await call('POST', `${before.url}/agents/function/countdown/tasks`, { body: { message } });
  const id = textAt(body, 'id');
  await until(async () => (await eventsOf(from, [id])) > 6, { what: 'some steps to be finished' });
  await before.kill('SIGKILL');

  const cluster = await startStoppablePostgres();
  await restore(from, cluster.url);
  const after = await start(cluster.url);
  await inState(after.url, id, 'COMPLETED');
  expect(await runOn(cluster.url, 'SELECT count(*)::int AS alive FROM instances WHERE lost_at IS NULL')).toEqual([
    { alive: 1 },
  ]);
  const events = await eventsOf(cluster.url, [id]);
  expect(new Set(ofTasks(await read(`${after.url}/tasks/events`, events, BEGINNING))).size).toBe(events);
});
