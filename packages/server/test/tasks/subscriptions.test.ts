/** Followers of event logs, on the instance that writes and on another: every event once, in order, to the end. */
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { createTestDatabase } from '../support/database.js';
import {
  appendOf,
  chunk,
  openTask,
  startLogInstance,
  status,
  type LogInstance,
  type OwnTask,
} from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';

let url: string;
let a: LogInstance;
let b: LogInstance;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  [a, b] = await Promise.all([startLogInstance(url), startLogInstance(url)]);
});

const frozen: Clock = {
  now: () => new Date(),
  sleep: (_ms, signal) => systemClock.sleep(Infinity, signal),
};

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Follows in the background; `seen` grows. */
function follow(instance: LogInstance, { id }: OwnTask, after = 0, signal = new AbortController().signal) {
  const seen: LogEvent[] = [];
  const done = (async () => {
    for await (const event of instance.subscriptions.follow(id, after, signal)) seen.push(event);
  })();
  return { seen, seqs: () => seen.map(({ seq }) => seq), done };
}

/** Appends `count` chunks, in appends of one to four events, and ends the task. */
async function writeAll(instance: LogInstance, task: OwnTask, count: number): Promise<void> {
  let runSeq = 0;
  for (let written = 0; written < count;) {
    const size = Math.min((runSeq % 4) + 1, count - written);
    const events = upTo(size).map((n) => chunk('a', `${written + n} `));
    await instance.log.append(appendOf(task, (runSeq += 1), events));
    written += size;
  }
  await instance.log.append(appendOf(task, runSeq + 1, [status('COMPLETED')]));
}

describe('following a task', () => {
  it('shows everything once and in order on both instances, from wherever the follower begins', async () => {
    const tasks = await Promise.all([openTask(a), openTask(a), openTask(b)]);
    const followers = tasks.flatMap((task) =>
      [a, b].flatMap((instance) => [0, 1, 40].map((after) => ({ after, ...follow(instance, task, after) }))),
    );
    await Promise.all(tasks.map((task, index) => writeAll(index === 2 ? b : a, task, 120)));
    await Promise.all(followers.map(({ done }) => done));
    for (const { after, seqs } of followers) expect(seqs()).toEqual(upTo(123).slice(after));
    const [first] = followers;
    expect(first?.seen[0]?.response).toHaveProperty('task.history.0.role', 'ROLE_USER');
    expect(first?.seen.at(-1)?.response).toHaveProperty('statusUpdate.status.state', 'TASK_STATE_COMPLETED');
  });

  it('shows the same events, whether they were read from the log or came right after their commit', async () => {
    const task = await openTask(a);
    const live = follow(a, task);
    const elsewhere = follow(b, task);
    await writeAll(a, task, 30);
    await Promise.all([live.done, elsewhere.done]);
    const late = follow(a, task);
    await late.done;
    expect(live.seen).toEqual(late.seen);
    expect(elsewhere.seen).toEqual(late.seen);
  });

  it('shows a follower that is slower than the writer everything, in order', async () => {
    const task = await openTask(a);
    const seqs: number[] = [];
    const writing = writeAll(a, task, 900);
    for await (const { seq } of a.subscriptions.follow(task.id, 0, new AbortController().signal)) {
      seqs.push(seq);
      // It takes the next one only after another question to the same PostgreSQL.
      if (seq % 10 === 0) await a.database.query('SELECT 1');
    }
    await writing;
    expect(seqs).toEqual(upTo(903));
  });

  it('hears of what another instance commits by notification, without asking again and again', async () => {
    // Time stands still for this instance: whatever it would do after a while, it never does.
    const c = await startLogInstance(url, frozen);
    const task = await openTask(a);
    const follower = follow(c, task);
    await until(() => follower.seen.length === 2, { what: 'the follower to be up to date' });
    const listening = () =>
      runOn<{ n: number }>(
        url,
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'continuo listen' AND query LIKE 'LISTEN%'`,
      );
    await until(async () => (await listening())[0]?.n === 3, { what: 'all three to listen' });
    await writeAll(a, task, 20);
    await follower.done;
    expect(follower.seqs()).toEqual(upTo(23));
  });

  it('shows that a task works that was claimed here, without a look at the log in between', async () => {
    // Time stands still: nothing is asked again after a while. Its own notifications are not for its readers.
    const c = await startLogInstance(url, frozen);
    const { opened } = await openTask(a);
    const id = newId();
    const message = { ...opened.message, messageId: newId(), taskId: id };
    await c.log.open({ ...opened, id, message, run: null, sessionMessage: null });
    const seen: LogEvent[] = [];
    const gone = new AbortController();
    const done = (async () => {
      for await (const event of c.subscriptions.follow(id, 0, gone.signal)) seen.push(event);
    })();
    await until(() => seen.length === 1, { what: 'the follower to be up to date' });
    await c.log.claim({ taskId: id, token: newId(), instanceId: c.id, at: new Date().toISOString() });
    await until(() => seen.length === 2, { what: 'the follower to see that it works' });
    gone.abort();
    await done;
    expect(seen[1]?.response).toHaveProperty('statusUpdate.status.state', 'TASK_STATE_WORKING');
  });

  it('goes on after the connection that carries the notifications was lost', async () => {
    const task = await openTask(a);
    const follower = follow(b, task);
    await until(() => follower.seen.length === 2, { what: 'the follower to be up to date' });
    await runOn(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'continuo listen'`,
    );
    await writeAll(a, task, 5);
    await follower.done;
    expect(follower.seqs()).toEqual(upTo(8));
  });

  it('ends with the signal, and when the instance stops, also right after it has started', async () => {
    const task = await openTask(a);
    const client = new AbortController();
    const leaving = follow(a, task, 0, client.signal);
    await (await startLogInstance(url)).subscriptions.stop();
    const stopping = await startLogInstance(url);
    const staying = follow(stopping, task);
    await until(() => leaving.seen.length === 2 && staying.seen.length === 2, { what: 'both to be up to date' });
    client.abort();
    await leaving.done;
    await stopping.subscriptions.stop();
    await staying.done;
    await writeAll(a, task, 3);
    expect([leaving.seqs(), staying.seqs()]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe('waiting for a task', () => {
  it('ends when it is completed or asks, and shows it as it is then', async () => {
    const view = { artifacts: true };
    const endless = new AbortController().signal;
    const [done, asking] = await Promise.all([openTask(a), openTask(a)]);
    const waits = [a, b].flatMap((instance) =>
      [done, asking].map((task) => instance.tasks.settled(task.caller, task.id, view, endless)),
    );
    const opened = a.tasks.settledOpened(done.caller, { ...done.opened, running: true }, view, endless);
    await a.log.append(appendOf(asking, 1, [status('INPUT_REQUIRED')]));
    await writeAll(a, done, 3);
    const states = (await Promise.all(waits)).map(({ state }) => state);
    expect(states).toEqual(['COMPLETED', 'INPUT_REQUIRED', 'COMPLETED', 'INPUT_REQUIRED']);
    expect(await opened).toEqual(await b.tasks.get(done.caller, done.id, view));
  });

  it('ends with the signal, and shows the task as it is', async () => {
    const task = await openTask(a);
    const signal = AbortSignal.timeout(20);
    expect(await b.tasks.settled(task.caller, task.id, { artifacts: false }, signal)).toMatchObject({
      state: 'WORKING',
    });
  });
});
