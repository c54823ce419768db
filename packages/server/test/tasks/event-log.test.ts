/** The event log on real PostgreSQL: gap-free whoever appends at once, final when it has ended, closed to lost runs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { activeStates } from '@continuo/agent/internal/tasks/task-state.js';
import { leave } from '../../src/runs/instances.js';
import { createTestDatabase } from '../support/database.js';
import {
  appendOf,
  chunk,
  openTask,
  sayIn,
  startLogInstance,
  status,
  type LogInstance,
  type OwnTask,
} from '../support/log-instance.js';

let url: string;
let instance: LogInstance;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  instance = await startLogInstance(url);
});

/** The whole of what is stored of a task: two equal answers mean that nothing has changed. */
async function everythingOf(task: OwnTask): Promise<unknown> {
  const rows = (table: string, column: string) =>
    instance.database.query(`SELECT to_jsonb(r) AS row FROM ${table} r WHERE ${column} = $1 ORDER BY 1`, [task.id]);
  const found = [rows('tasks', 'id'), rows('task_events', 'task_id'), rows('artifacts', 'task_id')];
  return Promise.all([...found, rows('messages', 'task_id')]);
}

async function seqsOf({ id }: OwnTask): Promise<readonly number[]> {
  const sql = 'SELECT seq FROM task_events WHERE task_id = $1 ORDER BY seq';
  return (await instance.database.query<{ seq: number }>(sql, [id])).map((row) => row.seq);
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('appending', () => {
  it('leaves no gaps, and keeps the order of each run, with 50 appends at once to several tasks', async () => {
    const tasks = await Promise.all(upTo(5).map(() => openTask(instance)));
    const appends = upTo(10).flatMap((runSeq) =>
      tasks.map((task) => appendOf(task, runSeq, [chunk('a', `${runSeq}a `), chunk('a', `${runSeq}b `)])),
    );
    await Promise.all(appends.map((append) => instance.log.append(append)));
    for (const task of tasks) {
      expect(await seqsOf(task)).toEqual(upTo(22));
      const { task: read, lastSeq } = await instance.tasks.get(task.caller, task.id, { artifacts: true });
      expect(lastSeq).toBe(22);
      const whole = upTo(10).map((runSeq) => `${runSeq}a ${runSeq}b `);
      expect(read.artifacts).toMatchObject([{ artifactId: 'a', parts: [{ text: whole.join('') }] }]);
    }
  });

  it('changes the task, its artifacts, its history and its session in the same moment', async () => {
    const task = await openTask(instance);
    const said = sayIn(task, 'Done.');
    const progress = { fraction: 0.5, stage: 'half' };
    await instance.log.append(appendOf(task, 1, [status('WORKING', { progress }), chunk('a', 'text')]));
    const end = status('COMPLETED', { message: said, inHistory: true });
    await instance.log.append(appendOf(task, 2, [end], { sessionMessages: [said] }));
    const { task: read, state } = await instance.tasks.get(task.caller, task.id, { artifacts: true });
    expect(state).toBe('COMPLETED');
    expect(read).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED', message: said },
      history: [{ role: 'ROLE_USER' }, said],
      artifacts: [{ artifactId: 'a', parts: [{ text: 'text' }] }],
      metadata: { 'urn:continuo:a2a:progress:v1': { fraction: 1, stage: 'half', createdAt: task.opened.at } },
    });
    const messages = await instance.database.query<{ seq: number; message: { messageId: string } }>(
      'SELECT seq, message FROM messages WHERE task_id = $1 ORDER BY seq',
      [task.id],
    );
    expect(messages.map(({ seq, message }) => [seq, message.messageId])).toEqual([
      [1, task.opened.message.messageId],
      [2, said.messageId],
    ]);
  });

  it('stores a repeated append once', async () => {
    const task = await openTask(instance);
    const said = sayIn(task, 'once');
    const append = appendOf(task, 1, [status('WORKING', { message: said }), chunk('a', 'once')], {
      sessionMessages: [said],
    });
    await instance.log.append(append);
    const before = await everythingOf(task);
    await instance.log.append(append);
    expect(await everythingOf(task)).toEqual(before);
    await instance.log.append(appendOf(task, 2, [chunk('a', ' more')]));
    await instance.log.append(append);
    expect(await seqsOf(task)).toEqual(upTo(5));
  });

  it('refuses an append that skips one of its run', async () => {
    const task = await openTask(instance);
    const before = await everythingOf(task);
    const early = instance.log.append(appendOf(task, 2, [chunk('a', 'early')]));
    await expect(early).rejects.toMatchObject({ code: 'RUN_LOST' });
    expect(await everythingOf(task)).toEqual(before);
  });

  it('is over when the task has ended, for runs and for everybody else', async () => {
    for (const state of ['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'] as const) {
      const task = await openTask(instance);
      await instance.log.append(appendOf(task, 1, [status(state)]));
      const before = await everythingOf(task);
      const late = [chunk('a', 'late'), status('WORKING')];
      const ended = { code: 'TASK_ENDED' };
      await expect(instance.log.append(appendOf(task, 2, late))).rejects.toMatchObject(ended);
      const byAnybody = appendOf(task, 0, late, { guard: { states: activeStates } });
      await expect(instance.log.append(byAnybody)).rejects.toMatchObject(ended);
      const claim = { taskId: task.id, token: newId(), instanceId: instance.id, at: new Date().toISOString() };
      expect(await instance.log.claim(claim)).toBeUndefined();
      expect(await everythingOf(task)).toEqual(before);
    }
  });

  it('tells those who come together apart: one that is refused does not spoil the others', async () => {
    const [good, ended, gone] = await Promise.all([openTask(instance), openTask(instance), openTask(instance)]);
    await instance.log.append(appendOf(ended, 1, [status('COMPLETED')]));
    await instance.database.query('DELETE FROM tasks WHERE id = $1', [gone.id]);
    const poisoned = await openTask(instance);
    // PostgreSQL refuses the character U+0000 in JSON that it has to look into.
    const poison = appendOf(poisoned, 1, [status('WORKING', { progress: { fraction: 0, stage: '\0' } })]);
    const outcomes = await Promise.allSettled([
      instance.log.append(appendOf(good, 1, [chunk('a', 'good')])),
      instance.log.append(appendOf(ended, 2, [chunk('a', 'late')])),
      instance.log.append(appendOf(gone, 1, [chunk('a', 'gone')])),
      instance.log.append(poison),
    ]);
    const codes = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'stored' : String(outcome.reason?.code)));
    expect(codes).toEqual(['stored', 'TASK_ENDED', 'TASK_NOT_FOUND', '22P05']);
    expect(await seqsOf(good)).toEqual(upTo(3));
  });
});

describe('opening', () => {
  it('makes one task of a message that is sent twice, also at the same moment', async () => {
    const { opened: task } = await openTask(instance);
    const again = (): typeof task => {
      const id = newId();
      return { ...task, id, message: { ...task.message, taskId: id }, sessionMessage: null };
    };
    const outcomes = await Promise.all(upTo(10).map(() => instance.log.open(again())));
    expect(new Set(outcomes)).toEqual(new Set(['known']));
    const { caller, contextId, agent, message } = task;
    const found = await instance.tasks.findByMessage(caller, { contextId, messageId: message.messageId, agent });
    expect(found?.id).toBe(task.id);
    const { totalSize } = await instance.tasks.list(task.caller, {}, { artifacts: false, size: 10, token: '' });
    expect(totalSize).toBe(1);
  });

  it('numbers the messages of one session without gaps, however many tasks come at once', async () => {
    const first = await openTask(instance);
    const { caller, contextId } = first;
    await Promise.all(upTo(20).map(() => openTask(instance, { caller, contextId })));
    const rows = await instance.database.query<{ seq: number }>(
      'SELECT seq FROM messages WHERE session_id = $1 ORDER BY seq',
      [first.opened.sessionId],
    );
    expect(rows.map((row) => row.seq)).toEqual(upTo(21));
  });
});

describe('fencing', () => {
  const claimFor = (task: OwnTask, instanceId: string, token = newId()) =>
    instance.log.claim({ taskId: task.id, token, instanceId, at: new Date().toISOString() });

  it('lets nobody append with the token of a run that has lost its task, and changes nothing', async () => {
    const task = await openTask(instance);
    await instance.log.append(appendOf(task, 1, [chunk('a', 'mine')]));
    const token = newId();
    expect(await claimFor(task, instance.id, token)).toMatchObject({ id: task.id, token, runCount: 2 });
    const before = await everythingOf(task);
    for (const runSeq of [1, 2, 3]) {
      const stale = instance.log.append(appendOf(task, runSeq, [chunk('a', 'stale'), status('COMPLETED')]));
      await expect(stale).rejects.toMatchObject({ code: 'RUN_LOST' });
    }
    expect(await everythingOf(task)).toEqual(before);
    await instance.log.append(appendOf({ ...task, token }, 1, [chunk('a', ' next')]));
    const { task: read } = await instance.tasks.get(task.caller, task.id, { artifacts: true });
    expect(read.artifacts).toMatchObject([{ parts: [{ text: 'mine next' }] }]);
  });

  it('gives no task to an instance that was declared lost, nor one that a living instance runs', async () => {
    const lost = await startLogInstance(url);
    const own = await openTask(lost);
    const task = await openTask(instance);
    expect(await claimFor(task, lost.id)).toBeUndefined();
    expect(await claimFor(own, instance.id)).toBeUndefined();
    await leave(instance.database, lost.id);
    expect(await claimFor(own, lost.id)).toBeUndefined();
    expect(await claimFor(own, instance.id)).toMatchObject({ id: own.id });
    expect(await claimFor(own, newId())).toBeUndefined();
  });

  it('opens tasks as waiting, not as running, on an instance that was declared lost', async () => {
    const lost = await startLogInstance(url);
    await leave(instance.database, lost.id);
    const task = await openTask(lost);
    const { state } = await instance.tasks.get(task.caller, task.id, { artifacts: false });
    expect(state).toBe('SUBMITTED');
    const stale = lost.log.append(appendOf(task, 1, [status('COMPLETED')]));
    await expect(stale).rejects.toMatchObject({ code: 'RUN_LOST' });
    expect(await claimFor(task, instance.id)).toMatchObject({ id: task.id, runCount: 1 });
    expect(await seqsOf(task)).toEqual([1, 2]);
  });

  it('gives a task to one of many who claim it at once', async () => {
    const lost = await startLogInstance(url);
    const task = await openTask(lost);
    await leave(instance.database, lost.id);
    const others = await Promise.all(upTo(4).map(() => startLogInstance(url)));
    const claims = others.map((other) =>
      other.log.claim({ taskId: task.id, token: newId(), instanceId: other.id, at: new Date().toISOString() }),
    );
    const claimed = (await Promise.all(claims)).filter((found) => found !== undefined);
    expect(claimed).toHaveLength(1);
  });
});
