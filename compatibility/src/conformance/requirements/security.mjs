/** Who may do what: authentication, and whose tasks are whose (sections 7.4, 13.1, 13.3). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { all } from '../../check.mjs';
import { must, should } from '../requirement.mjs';
import { faultOf } from '../trial.mjs';

const refusals = { JSONRPC: [401], 'HTTP+JSON': [401], GRPC: ['UNAUTHENTICATED'] };

/** A client of the agent that guards, who is `nobody`, somebody, or somebody `else`. */
function as(t, who) {
  const { headers, stranger } = t.agent('guards');
  return t.port('guards', {
    headers: { nobody: {}, somebody: headers, else: stranger, liar: { authorization: 'Bearer wrong' } }[who],
  });
}

async function taskOf(t) {
  const port = await as(t, 'somebody');
  const { task } = await port.call('SendMessage', { message: t.message('guards') });
  return { port, task };
}

function isRefused(t, fault) {
  ok(refusals[t.binding].includes(t.binding === 'GRPC' ? fault.code : fault.status), fault.message);
  return fault;
}

/** What somebody else may not do with a task. */
const reads = Object.entries({
  GetTask: ({ id }) => ({ id }),
  CancelTask: ({ id }) => ({ id }),
  CreateTaskPushNotificationConfig: ({ id }) => ({ taskId: id, url: 'https://hook.example/one' }),
  ListTaskPushNotificationConfigs: ({ id }) => ({ taskId: id }),
  SendMessage: ({ id, contextId }, t) => ({ message: t.message('guards', { taskId: id, contextId }) }),
});

export const security = [
  must('7.4', 'A call without credentials is refused.', async (t) => {
    const port = await as(t, 'nobody');
    isRefused(t, await faultOf(port.call('SendMessage', { message: t.message('guards') })));
    isRefused(t, await faultOf(port.call('ListTasks', {})));
    isRefused(t, await faultOf(all(port.stream('SendStreamingMessage', { message: t.message('guards') }))));
  }),
  must('7.4', 'A call with wrong credentials is refused.', async (t) => {
    isRefused(t, await faultOf((await as(t, 'liar')).call('ListTasks', {})));
  }),
  should(
    '7.4',
    'The refusal says how to prove who one is.',
    async (t) => {
      const fault = await faultOf((await as(t, 'nobody')).call('ListTasks', {}));
      ok(fault.head('www-authenticate'), 'no WWW-Authenticate');
    },
    { on: ['JSONRPC', 'HTTP+JSON'] },
  ),
  must('13.1', 'Lists have the caller’s own tasks alone.', async (t) => {
    const { task, port } = await taskOf(t);
    const listed = async (client) => {
      const { tasks = [] } = await client.call('ListTasks', { contextId: task.contextId });
      return tasks.map(({ id }) => id);
    };
    deepEqual([await listed(port), await listed(await as(t, 'else'))], [[task.id], []]);
  }),
  ...reads.map(([operation, paramsOf]) =>
    must('13.1', `${operation} on somebody else’s task: TaskNotFoundError, as if there were none.`, async (t) => {
      const { task } = await taskOf(t);
      await t.refused((await as(t, 'else')).call(operation, paramsOf(task, t)), 'TaskNotFoundError');
    }),
  ),
  must('13.1', 'SubscribeToTask on somebody else’s task: TaskNotFoundError.', async (t) => {
    const { task } = await taskOf(t);
    await t.refused(all((await as(t, 'else')).stream('SubscribeToTask', { id: task.id })), 'TaskNotFoundError');
  }),
  must('3.1.11', 'The extended card is a whole card.', async (t) => {
    const card = await (await as(t, 'somebody')).call('GetExtendedAgentCard', {});
    ok(card.name && card.skills.length > 0 && card.supportedInterfaces.length > 0, JSON.stringify(card));
  }),
  must('13.3', 'The extended card is for those alone who have proved who they are.', async (t) => {
    isRefused(t, await faultOf((await as(t, 'nobody')).call('GetExtendedAgentCard', {})));
  }),
  should(
    '13.3',
    'The extended card may be kept by its reader, and by nobody between.',
    async (t) => {
      let caching;
      const onHead = (get) => (caching = get('cache-control'));
      await (await as(t, 'somebody')).call('GetExtendedAgentCard', {}, { onHead });
      ok(/private|no-store/.test(caching ?? ''), String(caching));
    },
    { on: ['HTTP+JSON'] },
  ),
  must('13.1', 'A public card is for everybody.', async (t) => {
    const { card } = t.agent('guards');
    equal((await fetch(card)).status, 200);
  }),
];
