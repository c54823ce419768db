/** What a card says that an agent can't, or needs (sections 3.3.4, 4.6, 5.4). */
import { equal, ok } from 'node:assert/strict';
import { may, must, should } from '../requirement.mjs';

const pushCalls = Object.entries({
  CreateTaskPushNotificationConfig: { url: 'https://hook.example/one' },
  GetTaskPushNotificationConfig: { id: 'one' },
  ListTaskPushNotificationConfigs: {},
  DeleteTaskPushNotificationConfig: { id: 'one' },
});

const requiredBy = async (t) =>
  (await t.card('requires')).capabilities.extensions.find(({ required }) => required)?.uri ??
  t.skip('none is required');

/** An extension that the agent knows and doesn't require. */
async function known(t) {
  const found = ((await t.card()).capabilities.extensions ?? []).find(({ required }) => required !== true);
  return found?.uri ?? t.skip('the agent knows no extension');
}

async function keptTo(t, operation, params, asked) {
  let head = () => undefined;
  await t.call(operation, params, { headers: { 'a2a-extensions': asked }, onHead: (get) => (head = get) });
  return head('a2a-extensions') ?? '';
}

export const capabilities = [
  ...pushCalls.map(([operation, params]) =>
    must(
      '3.3.4',
      `Without push notifications on the card ${operation}: PushNotificationNotSupportedError.`,
      async (t) => {
        const { id: taskId } = await t.begin('silent');
        const asked = t.call(operation, { taskId, ...params }, { agent: 'silent' });
        await t.refused(asked, 'PushNotificationNotSupportedError');
      },
    ),
  ),
  must('3.3.4', 'Without streaming on the card SendStreamingMessage: UnsupportedOperationError.', async (t) => {
    const params = { message: t.message('silent') };
    await t.refusedStream('SendStreamingMessage', params, 'UnsupportedOperationError', { agent: 'silent' });
  }),
  must('3.3.4', 'Without streaming on the card SubscribeToTask: UnsupportedOperationError.', async (t) => {
    const { id } = await t.begin('silent');
    await t.refusedStream('SubscribeToTask', { id }, 'UnsupportedOperationError', { agent: 'silent' });
  }),
  must('3.1.11', 'Without an extended card GetExtendedAgentCard: UnsupportedOperationError.', async (t) => {
    if ((await t.card('silent')).capabilities.extendedAgentCard) t.skip('the agent has an extended card');
    await t.refused(t.call('GetExtendedAgentCard', {}, { agent: 'silent' }), 'UnsupportedOperationError');
  }),
  must('3.3.4', 'A message without a required extension: ExtensionSupportRequiredError.', async (t) => {
    await requiredBy(t);
    const asked = t.call('SendMessage', { message: t.message('requires') }, { agent: 'requires' });
    await t.refused(asked, 'ExtensionSupportRequiredError');
  }),
  must('3.3.4', 'A stream without a required extension: ExtensionSupportRequiredError.', async (t) => {
    await requiredBy(t);
    const params = { message: t.message('requires') };
    await t.refusedStream('SendStreamingMessage', params, 'ExtensionSupportRequiredError', { agent: 'requires' });
  }),
  must('3.3.4', 'GetTask and ListTasks without a required extension: ExtensionSupportRequiredError.', async (t) => {
    const headers = { 'a2a-extensions': await requiredBy(t) };
    const { id } = await t.begin('requires', { headers });
    for (const [operation, params] of [
      ['GetTask', { id }],
      ['ListTasks', {}],
    ]) {
      await t.refused(t.call(operation, params, { agent: 'requires' }), 'ExtensionSupportRequiredError');
    }
  }),
  must('3.3.4', 'With the required extensions, among others, calls are served.', async (t) => {
    const headers = { 'a2a-extensions': `urn:example:other,${await requiredBy(t)}` };
    const { id, contextId } = await t.begin('requires', { headers });
    const { tasks } = await t.call('ListTasks', { contextId }, { agent: 'requires', headers });
    equal(tasks[0].id, id);
  }),
  should('4.6.3', 'An extension that the agent does not know is passed over.', async (t) => {
    equal(await keptTo(t, 'SendMessage', { message: t.message() }, 'urn:example:unknown/v9'), '');
  }),
  should('4.6.1', 'The answer to a message says which extensions it keeps to.', async (t) => {
    const uri = await known(t);
    ok((await keptTo(t, 'SendMessage', { message: t.message() }, uri)).includes(uri));
  }),
  may('4.6.1', 'The answer to a read says which extensions it keeps to.', async (t) => {
    const uri = await known(t);
    const { id } = await t.begin();
    ok((await keptTo(t, 'GetTask', { id }, uri)).includes(uri));
    ok((await keptTo(t, 'ListTasks', {}, uri)).includes(uri), 'not of a list');
  }),
  should('4.6.1', 'A stream says which extensions it keeps to.', async (t) => {
    const uri = await known(t);
    let said;
    const options = { headers: { 'a2a-extensions': uri }, onHead: (get) => (said = get('a2a-extensions')) };
    for await (const event of t.stream('SendStreamingMessage', { message: t.message() }, options)) ok(event);
    ok(String(said).includes(uri), String(said));
  }),
];
