/** The official SDK 1.3 as a client, over one of its three transports. */
import { randomUUID } from 'node:crypto';
import { TaskState } from 'a2a-sdk-1.3';
import { ClientFactory, JsonRpcTransportFactory, RestTransportFactory } from 'a2a-sdk-1.3/client';
import { GrpcTransportFactory } from 'a2a-sdk-1.3/client/grpc';
import { TaskNotCancelableError, TaskNotFoundError } from 'a2a-sdk-1.3/errors';
import { all, equal, errorOf, ok } from './check.mjs';

const { TASK_STATE_CANCELED, TASK_STATE_COMPLETED, TASK_STATE_INPUT_REQUIRED } = TaskState;
const tenant = '';

export function sdk13(binding) {
  const connect = (url) =>
    new ClientFactory({
      transports: [new JsonRpcTransportFactory(), new RestTransportFactory(), new GrpcTransportFactory()],
      preferredTransports: [binding],
    }).createFromUrl(`${url}/`);
  return {
    name: `\`@a2a-js/sdk\` 1.3.0, ${binding}`,
    scenarios: {
      card: async ({ echo }) => {
        const client = await connect(echo);
        equal(client.transport.protocolName, binding);
        ok((await client.getAgentCard()).skills.length > 0, 'no skills');
      },
      send: async ({ echo }) => {
        const task = await (await connect(echo)).sendMessage(said('hello'));
        equal(task.status.state, TASK_STATE_COMPLETED);
        equal(textOf(task.artifacts), 'hello');
      },
      stream: async ({ countdown }) => {
        const events = await all((await connect(countdown)).sendMessageStream(said({ steps: 3, delayMs: 10 })));
        equal(events[0].payload.$case, 'task');
        ok(
          events.some(({ payload }) => payload.$case === 'artifactUpdate'),
          'no artifact',
        );
        equal(events.at(-1).payload.value.status.state, TASK_STATE_COMPLETED);
      },
      answer: async ({ asking }) => {
        const client = await connect(asking);
        const { id, contextId, status } = await client.sendMessage(said('go'));
        equal(status.state, TASK_STATE_INPUT_REQUIRED);
        await client.sendMessage(said('Ada', { taskId: id, contextId }));
        const task = await client.sendMessage(said('green', { taskId: id, contextId }));
        equal(textOf(task.artifacts), 'Ada likes green.');
      },
      cancel: async ({ countdown }) => {
        const client = await connect(countdown);
        const { id } = await client.sendMessage(long());
        equal((await client.cancelTask({ id, tenant, metadata: undefined })).status.state, TASK_STATE_CANCELED);
      },
      resubscribe: async ({ countdown }) => {
        const client = await connect(countdown);
        const { id } = await client.sendMessage(long());
        const stream = client.resubscribeTask({ id, tenant });
        equal((await stream.next()).value.payload.value.id, id);
        await client.cancelTask({ id, tenant, metadata: undefined });
        equal((await all(stream)).at(-1).payload.value.status.state, TASK_STATE_CANCELED);
      },
      push: async ({ countdown, hook }) => {
        const client = await connect(countdown);
        const { id: taskId } = await client.sendMessage(long());
        const config = { tenant, id: '', taskId, url: hook.url, token: 'secret', authentication: undefined };
        const { id } = await client.createTaskPushNotificationConfig(config);
        const named = { tenant, taskId, id };
        equal((await client.getTaskPushNotificationConfig(named)).url, hook.url);
        await client.cancelTask({ id: taskId, tenant, metadata: undefined });
        await hook.heardOf(taskId);
        await client.deleteTaskPushNotificationConfig(named);
        const { configs } = await client.listTaskPushNotificationConfig({ tenant, taskId, pageSize: 0, pageToken: '' });
        equal(configs.length, 0);
      },
      errors: async ({ echo }) => {
        const client = await connect(echo);
        ok((await errorOf(client.getTask({ id: 'nothing', tenant }))) instanceof TaskNotFoundError);
        const { id } = await client.sendMessage(said('hello'));
        const refused = await errorOf(client.cancelTask({ id, tenant, metadata: undefined }));
        ok(refused instanceof TaskNotCancelableError, String(refused));
      },
    },
  };
}

function said(content, { returnImmediately = false, taskId = '', contextId = '' } = {}) {
  const value = typeof content === 'string' ? { $case: 'text', value: content } : { $case: 'data', value: content };
  const part = { content: value, metadata: undefined, filename: '', mediaType: '' };
  const message = { messageId: randomUUID(), role: 1, parts: [part], taskId, contextId, metadata: undefined };
  const configuration = { acceptedOutputModes: [], taskPushNotificationConfig: undefined, returnImmediately };
  return { tenant, message: { ...message, extensions: [], referenceTaskIds: [] }, configuration, metadata: undefined };
}

const long = () => said({ steps: 1_000, delayMs: 50 }, { returnImmediately: true });

function textOf(artifacts) {
  return artifacts.flatMap(({ parts }) => parts.map(({ content }) => content.value)).join('');
}
