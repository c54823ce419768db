/** Reading, listing, cancelling and following tasks (sections 3.1.3 to 3.1.6, 3.2.4, 3.3.1). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { all } from '../../check.mjs';
import { json, must } from '../requirement.mjs';
import { inOrder, isEnded, stateOf, textOf } from '../trial.mjs';

/** Three tasks of a context of their own. */
async function three(t, behaviour = 'answers') {
  const first = await t.begin(behaviour);
  const { contextId } = first;
  const others = [];
  for (let times = 0; times < 2; times += 1) others.push(await t.begin(behaviour, { fields: { contextId } }));
  return { contextId, ids: [first, ...others].map(({ id }) => id) };
}

const idsOf = ({ tasks = [] }) => tasks.map(({ id }) => id);

export const tasks = [
  must('3.1.3', 'GetTask gives the state and the artifacts.', async (t) => {
    const { id } = await t.begin();
    const task = await t.call('GetTask', { id });
    equal(`${task.id} ${stateOf(task)}`, `${id} COMPLETED`);
    ok(task.artifacts.length > 0, 'no artifacts');
  }),
  must('3.1.3', 'GetTask of a task that there is not: TaskNotFoundError.', async (t) => {
    await t.refused(t.call('GetTask', { id: randomUUID() }), 'TaskNotFoundError');
  }),
  must('3.1.4', 'ListTasks leaves artifacts out altogether by default.', async (t) => {
    const { contextId } = await t.begin();
    const { tasks: found } = await t.call('ListTasks', { contextId });
    equal(found.length, 1);
    ok(!('artifacts' in found[0]), 'artifacts are there');
  }),
  must('3.1.4', 'ListTasks has the artifacts with includeArtifacts.', async (t) => {
    const { contextId, artifacts } = await t.begin();
    const { tasks: found } = await t.call('ListTasks', { contextId, includeArtifacts: true });
    equal(textOf(found[0].artifacts), textOf(artifacts));
  }),
  must(
    '3.1.4',
    'nextPageToken is always there, and empty on the last page.',
    async (t) => equal((await t.call('ListTasks', { contextId: (await t.begin()).contextId })).nextPageToken, ''),
    json,
  ),
  must('3.1.4', 'Pages lead through all tasks, each once.', async (t) => {
    const { contextId, ids } = await three(t);
    const seen = [];
    let pageToken;
    do {
      const page = await t.call('ListTasks', { contextId, pageSize: 2, ...(pageToken && { pageToken }) });
      ok(page.tasks.length <= 2, 'a page is too long');
      seen.push(...idsOf(page));
      pageToken = page.nextPageToken;
    } while (pageToken);
    deepEqual(inOrder(seen), inOrder(ids));
  }),
  must('3.1.4', 'The task whose status changed last comes first.', async (t) => {
    const { contextId, ids } = await three(t);
    const { tasks: found } = await t.call('ListTasks', { contextId });
    deepEqual(idsOf({ tasks: found }), ids.toReversed());
    const times = found.map(({ status }) => status.timestamp);
    deepEqual(times, inOrder(times).toReversed());
  }),
  must('3.1.4', 'contextId filters.', async (t) => {
    const { contextId, ids } = await three(t);
    await t.begin();
    deepEqual(inOrder(idsOf(await t.call('ListTasks', { contextId }))), inOrder(ids));
  }),
  must('3.1.4', 'status filters.', async (t) => {
    const { id, contextId } = await t.begin('asks');
    const found = async (status) => idsOf(await t.call('ListTasks', { contextId, status }, { agent: 'asks' }));
    deepEqual([await found('TASK_STATE_INPUT_REQUIRED'), await found('TASK_STATE_COMPLETED')], [[id], []]);
  }),
  must('3.1.4', 'statusTimestampAfter filters, and its very moment counts.', async (t) => {
    const { contextId, ids } = await three(t);
    const last = await t.call('GetTask', { id: ids[2] });
    const after = (statusTimestampAfter) => t.call('ListTasks', { contextId, statusTimestampAfter });
    ok(idsOf(await after(last.status.timestamp)).includes(ids[2]), 'the moment itself is left out');
    deepEqual(idsOf(await after('2999-01-01T00:00:00Z')), []);
  }),
  must('3.1.4', 'pageSize and totalSize are in the answer.', async (t) => {
    const { contextId } = await three(t);
    const { pageSize, totalSize } = await t.call('ListTasks', { contextId, pageSize: 2 });
    deepEqual([pageSize, totalSize], [2, 3]);
  }),
  must('3.1.4', 'Without pageSize a page has at most 50 tasks, and says so.', async (t) => {
    const { pageSize, tasks: found = [] } = await t.call('ListTasks', {});
    ok(pageSize <= 50 && found.length <= 50, `${pageSize}, ${found.length} tasks`);
  }),
  must('3.1.4', 'A pageSize below 1 or above 100 is refused.', async (t) => {
    for (const pageSize of [0, -1, 101]) await t.refused(t.call('ListTasks', { pageSize }), 'InvalidParams');
  }),
  must('3.1.4', 'A pageToken that is none is refused.', async (t) => {
    await t.refused(t.call('ListTasks', { pageToken: 'no token' }), 'InvalidParams');
  }),
  must('3.1.5', 'CancelTask gives the task, cancelled.', async (t) => {
    const { id } = await t.beginLong();
    const task = await t.cancel(id);
    deepEqual([task.id, stateOf(task)], [id, 'CANCELED']);
  }),
  must('3.1.5', 'CancelTask of a task that has ended: TaskNotCancelableError.', async (t) => {
    await t.refused(t.cancel((await t.begin()).id, 'answers'), 'TaskNotCancelableError');
  }),
  must('3.1.5', 'CancelTask of a task that there is not: TaskNotFoundError.', async (t) => {
    await t.refused(t.cancel(randomUUID(), 'answers'), 'TaskNotFoundError');
  }),
  must('3.1.6', 'SubscribeToTask begins with the task as it is.', async (t) => {
    const { id } = await t.beginLong();
    for await (const { task } of t.stream('SubscribeToTask', { id }, { agent: 'waits' })) {
      equal(task?.id, id);
      break;
    }
    await t.cancel(id);
  }),
  must('3.1.6', 'SubscribeToTask ends with the task.', async (t) => {
    const { id } = await t.beginLong();
    const events = [];
    for await (const event of t.stream('SubscribeToTask', { id }, { agent: 'waits' })) {
      if (events.push(event) === 1) await t.cancel(id);
    }
    equal(stateOf(events.at(-1)), 'CANCELED');
  }),
  must('3.1.6', 'SubscribeToTask to a task that has ended: UnsupportedOperationError.', async (t) => {
    await t.refusedStream('SubscribeToTask', { id: (await t.begin()).id }, 'UnsupportedOperationError');
  }),
  must('3.1.6', 'SubscribeToTask to a task that there is not: TaskNotFoundError.', async (t) => {
    await t.refusedStream('SubscribeToTask', { id: randomUUID() }, 'TaskNotFoundError');
  }),
  must('3.2.4', 'historyLength 0 leaves the history out.', async (t) => {
    const { id } = await t.begin();
    const { history = [] } = await t.call('GetTask', { id, historyLength: 0 });
    equal(history.length, 0);
  }),
  must('3.2.4', 'historyLength gives at most that many messages, the newest.', async (t) => {
    const { id, contextId } = await t.begin('asks');
    await t.call(
      'SendMessage',
      { message: t.message('asks', { taskId: id, contextId, parts: [{ text: 'blue' }] }) },
      { agent: 'asks' },
    );
    const { history: whole } = await t.call('GetTask', { id }, { agent: 'asks' });
    const { history } = await t.call('GetTask', { id, historyLength: 1 }, { agent: 'asks' });
    ok(whole.length > 1, `only ${whole.length} messages`);
    deepEqual(
      history.map(({ messageId }) => messageId),
      [whole.at(-1).messageId],
    );
  }),
  must('3.2.4', 'historyLength means the same for SendMessage and ListTasks.', async (t) => {
    const sent = await t.begin('answers', { configuration: { historyLength: 0 } });
    const { tasks: found } = await t.call('ListTasks', { contextId: sent.contextId, historyLength: 1 });
    deepEqual([(sent.history ?? []).length, (found[0].history ?? []).length], [0, 1]);
  }),
  must('3.2.4', 'A negative historyLength is refused.', async (t) => {
    await t.refused(t.call('GetTask', { id: (await t.begin()).id, historyLength: -1 }), 'InvalidParams');
  }),
  must('3.3.1', 'Reading changes nothing: the same again is the same.', async (t) => {
    const { id } = await t.begin();
    deepEqual(await t.call('GetTask', { id }), await t.call('GetTask', { id }));
  }),
  must('3.3.1', 'Cancelling again changes nothing.', async (t) => {
    const { id } = await t.beginLong();
    await t.cancel(id);
    await t.cancel(id).catch(() => undefined);
    equal(stateOf(await t.call('GetTask', { id }, { agent: 'waits' })), 'CANCELED');
  }),
  must('3.5.2', 'All streams of a task get the same events in the same order.', async (t) => {
    const { id } = await t.beginLong();
    const params = ['SubscribeToTask', { id }, { agent: 'waits' }];
    const streams = [t.stream(...params), t.stream(...params)];
    const firsts = await Promise.all(streams.map(async (stream) => (await stream.next()).value));
    for (const { task } of firsts) equal(task.id, id);
    await t.cancel(id);
    const [one, other] = await Promise.all(streams.map(all));
    ok(one.some(isEnded), 'no end');
    // What one of them had as part of its first event, the other may have as an event.
    const few = Math.min(one.length, other.length);
    deepEqual(one.slice(-few), other.slice(-few));
  }),
  must('3.5.2', 'A stream that is closed takes neither its task nor other streams with it.', async (t) => {
    const { id } = await t.beginLong();
    const stays = t.stream('SubscribeToTask', { id }, { agent: 'waits' });
    await stays.next();
    for await (const event of t.stream('SubscribeToTask', { id }, { agent: 'waits' })) if (event) break;
    ok(!isEnded(await t.call('GetTask', { id }, { agent: 'waits' })), 'the task has ended');
    await t.cancel(id);
    equal(stateOf((await all(stays)).at(-1)), 'CANCELED');
  }),
  must('3.5.2', 'A task goes on when the stream of its message is closed.', async (t) => {
    let id;
    const message = t.message('waits');
    for await (const { task } of t.stream('SendStreamingMessage', { message }, { agent: 'waits' })) {
      id = task.id;
      break;
    }
    ok(!isEnded(await t.call('GetTask', { id }, { agent: 'waits' })), 'the task has ended');
    await t.cancel(id);
  }),
  must('3.5.2', 'Events come in the order in which they arose: chunks joined are the artifact.', async (t) => {
    const events = await all(t.stream('SendStreamingMessage', { message: t.message('chunks') }, { agent: 'chunks' }));
    const chunks = events.flatMap(({ artifactUpdate }) => (artifactUpdate ? [artifactUpdate.artifact] : []));
    const { artifacts } = await t.call('GetTask', { id: events[0].task.id }, { agent: 'chunks' });
    equal(textOf(chunks), textOf(artifacts));
  }),
];
