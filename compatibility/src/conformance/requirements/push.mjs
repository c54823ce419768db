/** Push notifications (sections 3.1.7 to 3.1.10, 4.3, 13.2). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { may, must, should } from '../requirement.mjs';
import { inOrder, isEnded, stateOf, until } from '../trial.mjs';

const create = (t, taskId, fields, agent = 'waits') =>
  t.call('CreateTaskPushNotificationConfig', { taskId, url: 'https://hook.example/one', ...fields }, { agent });
const list = async (t, taskId) =>
  (await t.call('ListTaskPushNotificationConfigs', { taskId }, { agent: 'waits' })).configs ?? [];

/** A task that works, with a receiver of its own; cancelled behind `work`. */
async function watched(t, work, { fields = {}, status } = {}) {
  if (t.target.hooks === false) t.skip('the server calls no receiver on loopback');
  const hook = t.hooks.open(status);
  const { id } = await t.beginLong();
  const config = await create(t, id, { url: hook.url, ...fields });
  await work({ hook, id, config });
}

/** Cancels the task, and waits for the receiver to hear of it. */
async function heard(t, id, hook, what = 'the end of the task') {
  await t.cancel(id).catch(() => undefined);
  return until(() => hook.received.find(({ body }) => isEnded(body)), what);
}

export const push = [
  must('3.1.7', 'A config that is created comes back with an id, and with its task.', async (t) => {
    const { id } = await t.beginLong();
    const config = await create(t, id);
    ok(config.id, 'no id');
    deepEqual([config.taskId, config.url], [id, 'https://hook.example/one']);
    await t.cancel(id);
  }),
  must('3.1.7', 'A config for a task that there is not: TaskNotFoundError.', async (t) => {
    await t.refused(create(t, randomUUID()), 'TaskNotFoundError');
  }),
  should('5.7', 'A config without a URL is refused.', async (t) => {
    const { id } = await t.beginLong();
    await t.refused(create(t, id, { url: '' }), 'InvalidParams');
    await t.cancel(id);
  }),
  must('3.1.8', 'A config is found by its id.', async (t) => {
    const { id: taskId } = await t.beginLong();
    const { id } = await create(t, taskId);
    const found = await t.call('GetTaskPushNotificationConfig', { taskId, id }, { agent: 'waits' });
    deepEqual([found.id, found.url], [id, 'https://hook.example/one']);
    await t.cancel(taskId);
  }),
  must('3.1.8', 'A config that there is not: TaskNotFoundError.', async (t) => {
    const { id: taskId } = await t.beginLong();
    const asked = t.call('GetTaskPushNotificationConfig', { taskId, id: 'nothing' }, { agent: 'waits' });
    await t.refused(asked, 'TaskNotFoundError');
    await t.cancel(taskId);
  }),
  must('3.1.9', 'All configs of a task are listed.', async (t) => {
    const { id } = await t.beginLong();
    const made = [
      await create(t, id, { id: 'one' }),
      await create(t, id, { id: 'two', url: 'https://hook.example/two' }),
    ];
    deepEqual(inOrder((await list(t, id)).map((config) => config.id)), inOrder(made.map((config) => config.id)));
    await t.cancel(id);
  }),
  must('3.1.9', 'Configs of a task that there is not: TaskNotFoundError.', async (t) => {
    await t.refused(list(t, randomUUID()), 'TaskNotFoundError');
  }),
  must('3.1.10', 'A config that is deleted is gone, and deleting it again changes nothing.', async (t) => {
    const { id: taskId } = await t.beginLong();
    const { id } = await create(t, taskId);
    const remove = () => t.call('DeleteTaskPushNotificationConfig', { taskId, id }, { agent: 'waits' });
    await remove();
    deepEqual(await list(t, taskId), []);
    await remove();
    await t.cancel(taskId);
  }),
  must('3.1.10', 'Deleting for a task that there is not: TaskNotFoundError.', async (t) => {
    const asked = t.call('DeleteTaskPushNotificationConfig', { taskId: randomUUID(), id: 'one' }, { agent: 'waits' });
    await t.refused(asked, 'TaskNotFoundError');
  }),
  must('4.3.3', 'The receiver is told of each update, as a StreamResponse with one member.', (t) =>
    watched(t, async ({ hook, id }) => {
      const { body } = await heard(t, id, hook);
      const { task, statusUpdate } = body;
      equal(task?.id ?? statusUpdate?.taskId, id);
      for (const { body: told } of hook.received) equal(Object.keys(told).length, 1);
    }),
  ),
  must('4.3.3', 'Notifications are posted as application/a2a+json.', (t) =>
    watched(t, async ({ hook, id }) => {
      const { headers } = await heard(t, id, hook);
      ok(headers['content-type']?.startsWith('application/a2a+json'), headers['content-type']);
    }),
  ),
  must('4.3.3', 'The credentials of the config are in the request.', (t) =>
    watched(t, async ({ hook, id }) => equal((await heard(t, id, hook)).headers.authorization, 'Bearer s3cret'), {
      fields: { authentication: { scheme: 'Bearer', credentials: 's3cret' } },
    }),
  ),
  must('3.2.2', 'A config that comes with a message is used for its task.', async (t) => {
    if (t.target.hooks === false) t.skip('the server calls no receiver on loopback');
    const hook = t.hooks.open();
    const taskPushNotificationConfig = { url: hook.url };
    const { id } = await t.begin('answers', { configuration: { taskPushNotificationConfig } });
    const { body } = await until(() => hook.received.find(({ body: told }) => isEnded(told)), 'the end of the task');
    deepEqual([body.task?.id ?? body.statusUpdate?.taskId, stateOf(body)], [id, 'COMPLETED']);
  }),
  must('3.1.10', 'The receiver of a config that was deleted is told nothing more.', (t) =>
    watched(t, async ({ hook, id, config }) => {
      const other = t.hooks.open();
      await create(t, id, { url: other.url });
      await t.call('DeleteTaskPushNotificationConfig', { taskId: id, id: config.id }, { agent: 'waits' });
      await heard(t, id, other);
      equal(
        hook.received.some(({ body }) => isEnded(body)),
        false,
      );
    }),
  ),
  should(
    '13.2',
    'A receiver that fails is told again.',
    (t) =>
      watched(
        t,
        async ({ hook, id }) => {
          await heard(t, id, hook);
          // What was on its way at the same moment is no second try.
          await delay(500);
          hook.status = 204;
          const before = hook.received.length;
          await until(() => hook.received.length > before, 'a second try', 30_000);
        },
        { status: 503 },
      ),
    // However the config was made, and it takes its time.
    { on: ['HTTP+JSON'] },
  ),
  should('13.2', 'A URL that leads into a private network is refused.', async (t) => {
    const { id } = await t.beginLong();
    for (const url of ['http://10.0.0.1/hook', 'http://169.254.169.254/latest']) {
      await t.refused(create(t, id, { url }), 'InvalidParams');
    }
    await t.cancel(id);
  }),
  may('4.3.1', 'The token of a config is sent along.', (t) =>
    watched(t, async ({ hook, id }) => equal((await heard(t, id, hook)).headers['x-a2a-notification-token'], 'tok'), {
      fields: { token: 'tok' },
    }),
  ),
];
