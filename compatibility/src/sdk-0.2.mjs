/** The official SDK 0.2 as a client: it reads `/.well-known/agent.json` and speaks JSON-RPC alone. */
import { A2AClient } from 'a2a-sdk-0.2/client';
import { all, equal, longRequest, oldMessage, ok, textOf } from './check.mjs';

export const sdk02 = {
  name: '`@a2a-js/sdk` 0.2.5, JSONRPC',
  scenarios: {
    card: async ({ echo }) => {
      ok((await new A2AClient(echo).getAgentCard()).skills.length > 0, 'no skills');
    },
    send: async ({ echo }) => {
      const { result } = await new A2AClient(echo).sendMessage({ message: oldMessage('hello') });
      equal(result.status.state, 'completed');
      equal(textOf(result.artifacts[0].parts), 'hello');
    },
    stream: async ({ countdown }) => {
      const message = oldMessage({ steps: 3, delayMs: 10 });
      const events = await all(new A2AClient(countdown).sendMessageStream({ message }));
      equal(events[0].kind, 'task');
      ok(
        events.some(({ kind }) => kind === 'artifact-update'),
        'no artifact',
      );
      equal(events.at(-1).status.state, 'completed');
    },
    answer: async ({ asking }) => {
      const client = new A2AClient(asking);
      const { id: taskId, contextId, status } = (await client.sendMessage({ message: oldMessage('go') })).result;
      equal(status.state, 'input-required');
      await client.sendMessage({ message: oldMessage('Ada', { taskId, contextId }) });
      const { result } = await client.sendMessage({ message: oldMessage('green', { taskId, contextId }) });
      equal(textOf(result.artifacts[0].parts), 'Ada likes green.');
    },
    cancel: async ({ countdown }) => {
      const client = new A2AClient(countdown);
      const { id } = (await client.sendMessage(longRequest())).result;
      equal((await client.cancelTask({ id })).result.status.state, 'canceled');
    },
    resubscribe: async ({ countdown }) => {
      const client = new A2AClient(countdown);
      const { id } = (await client.sendMessage(longRequest())).result;
      const stream = client.resubscribeTask({ id });
      equal((await stream.next()).value.id, id);
      await client.cancelTask({ id });
      equal((await all(stream)).at(-1).status.state, 'canceled');
    },
    push: async ({ countdown, hook }) => {
      const client = new A2AClient(countdown);
      const { id } = (await client.sendMessage(longRequest())).result;
      const pushNotificationConfig = { url: hook.url, token: 'secret' };
      await client.setTaskPushNotificationConfig({ taskId: id, pushNotificationConfig });
      const { result } = await client.getTaskPushNotificationConfig({ id });
      equal(result.pushNotificationConfig.url, hook.url);
      await client.cancelTask({ id });
      await hook.heardOf(id);
    },
    errors: async ({ echo }) => {
      const client = new A2AClient(echo);
      equal((await client.getTask({ id: 'nothing' })).error.code, -32001);
      const { id } = (await client.sendMessage({ message: oldMessage('hello') })).result;
      equal((await client.cancelTask({ id })).error.code, -32002);
    },
  },
};
