/** The official SDK 0.3 as a client, over one of its transports. */
import {
  ClientFactory,
  JsonRpcTransportFactory,
  RestTransportFactory,
  TaskNotCancelableError,
  TaskNotFoundError,
} from '@a2a-js/sdk/client';
import { all, equal, errorOf, longRequest, oldMessage, ok, textOf } from './check.mjs';

export function sdk03(binding) {
  const connect = (url) =>
    new ClientFactory({
      transports: [new JsonRpcTransportFactory(), new RestTransportFactory()],
      preferredTransports: [binding],
    }).createFromUrl(`${url}/`);
  return {
    name: `\`@a2a-js/sdk\` 0.3.14, ${binding}`,
    scenarios: {
      card: async ({ echo }) => {
        const card = await (await connect(echo)).getAgentCard();
        equal(card.protocolVersion, '0.3.0');
        ok(card.skills.length > 0, 'no skills');
      },
      send: async ({ echo }) => {
        const task = await (await connect(echo)).sendMessage({ message: oldMessage('hello') });
        equal(task.status.state, 'completed');
        equal(textOf(task.artifacts[0].parts), 'hello');
      },
      stream: async ({ countdown }) => {
        const message = oldMessage({ steps: 3, delayMs: 10 });
        const events = await all((await connect(countdown)).sendMessageStream({ message }));
        equal(events[0].kind, 'task');
        ok(
          events.some(({ kind }) => kind === 'artifact-update'),
          'no artifact',
        );
        const { kind, final, status } = events.at(-1);
        equal(`${kind} ${status.state} ${final}`, 'status-update completed true');
      },
      answer: async ({ asking }) => {
        const client = await connect(asking);
        const { id: taskId, contextId, status } = await client.sendMessage({ message: oldMessage('go') });
        equal(status.state, 'input-required');
        await client.sendMessage({ message: oldMessage('Ada', { taskId, contextId }) });
        const task = await client.sendMessage({ message: oldMessage('green', { taskId, contextId }) });
        equal(textOf(task.artifacts[0].parts), 'Ada likes green.');
      },
      cancel: async ({ countdown }) => {
        const client = await connect(countdown);
        const { id } = await client.sendMessage(longRequest());
        equal((await client.cancelTask({ id })).status.state, 'canceled');
      },
      resubscribe: async ({ countdown }) => {
        const client = await connect(countdown);
        const { id } = await client.sendMessage(longRequest());
        const stream = client.resubscribeTask({ id });
        equal((await stream.next()).value.id, id);
        await client.cancelTask({ id });
        equal((await all(stream)).at(-1).status.state, 'canceled');
      },
      push: async ({ countdown, hook }) => {
        const client = await connect(countdown);
        const { id } = await client.sendMessage(longRequest());
        const pushNotificationConfig = { id: 'mine', url: hook.url, token: 'secret' };
        await client.setTaskPushNotificationConfig({ taskId: id, pushNotificationConfig });
        const named = { id, pushNotificationConfigId: 'mine' };
        equal((await client.getTaskPushNotificationConfig(named)).pushNotificationConfig.url, hook.url);
        await client.cancelTask({ id });
        await hook.heardOf(id);
        await client.deleteTaskPushNotificationConfig(named);
        equal((await client.listTaskPushNotificationConfig({ id })).length, 0);
      },
      errors: async ({ echo }) => {
        const client = await connect(echo);
        ok((await errorOf(client.getTask({ id: 'nothing' }))) instanceof TaskNotFoundError);
        const { id } = await client.sendMessage({ message: oldMessage('hello') });
        const refused = await errorOf(client.cancelTask({ id }));
        ok(refused instanceof TaskNotCancelableError, String(refused));
      },
    },
  };
}
