/** AI SDK's chats, by its own transport and by Continuo's. */
import { DefaultChatTransport, type ChatTransport, type UIMessage } from 'ai';
import { expect } from 'vitest';
import { ContinuoChatTransport } from '@continuo/client/ai-sdk';
import { AiSdkChat } from '../ai-sdk-chat.js';
import { losingItsInstance } from '../cut-off.js';
import { at, call } from '../http-calls.js';
import { until } from '../until.js';
import { cutOffAt, dictation, installed, saidOverA2A, type DoorClient, type Instances } from './door-client.js';

type Connect = (agent: string, fetch?: typeof globalThis.fetch) => ChatTransport<UIMessage>;

export async function defaultTransport(instances: Instances): Promise<DoorClient> {
  const connect: Connect = (agent, fetch = globalThis.fetch) =>
    new DefaultChatTransport({ api: `${instances.url}/ai-sdk/${agent}`, fetch });
  return {
    name: `${await installed('ai')}, \`DefaultChatTransport\``,
    scenarios: {
      ...scenariosOf(instances, connect),
      resume: async () => {
        const transport = connect('test/dictates', losingItsInstance(cutOffAt, instances.other));
        const chat = new AiSdkChat(transport);
        await chat.sendMessage({ text: dictation });
        expect(chat.status).toBe('error');
        const reloaded = new AiSdkChat(transport, chat.id);
        reloaded.messages = chat.messages.slice(0, 1);
        await reloaded.resumeStream();
        expect(reloaded.texts).toEqual([dictation, `${dictation} `]);
      },
    },
  };
}

export async function continuoTransport(instances: Instances): Promise<DoorClient> {
  const { url, other } = instances;
  const connect: Connect = (agent, fetch = globalThis.fetch) => new ContinuoChatTransport({ url, agent, fetch });
  return {
    name: `${await installed('ai')}, \`ContinuoChatTransport\` of \`@continuo/client\``,
    scenarios: {
      ...scenariosOf(instances, connect),
      cancel: async () => {
        const chat = new AiSdkChat(connect('test/endless-child'));
        const said = chat.sendMessage({ text: 'Go' });
        await until(async () => (await stateIn(url, chat.id)) === 'TASK_STATE_WORKING', { what: 'the task to work' });
        await chat.stop();
        await said;
        await until(async () => (await stateIn(url, chat.id)) === 'TASK_STATE_CANCELED', { what: 'the task to end' });
      },
      resume: async () => {
        const chat = new AiSdkChat(connect('test/dictates', losingItsInstance(cutOffAt, other)));
        await chat.sendMessage({ text: dictation });
        expect(chat.texts).toEqual([dictation, `${dictation} `]);
      },
    },
  };
}

async function stateIn(url: string, session: string): Promise<unknown> {
  const { body } = await call('GET', `${url}/tasks?sessionId=${session}`);
  return at(body, 'tasks', 0, 'status', 'state');
}

function scenariosOf({ url }: Instances, connect: Connect): DoorClient['scenarios'] {
  const conversation = async (agent: string, texts: readonly string[], id?: string): Promise<AiSdkChat> => {
    const chat = new AiSdkChat(connect(agent), id);
    for (const text of texts) await chat.sendMessage({ text });
    return chat;
  };
  return {
    send: async () => expect((await conversation('function/echo', ['hello'])).texts).toEqual(['hello', 'hello']),
    stream: async () => {
      const message: UIMessage = { id: 'go', role: 'user', parts: [{ type: 'text', text: 'Go' }] };
      const chunks = await connect('test/tells').sendMessages({
        chatId: crypto.randomUUID(),
        trigger: 'submit-message',
        messageId: undefined,
        messages: [message],
        abortSignal: undefined,
      });
      const pieces: string[] = [];
      for await (const chunk of chunks) if (chunk.type === 'text-delta') pieces.push(chunk.delta);
      expect(pieces).toEqual(['0 ', '1 ', '2 ']);
    },
    memory: async () => expect((await conversation('test/remembers', ['one', 'two'])).texts.at(-1)).toBe('one, two'),
    answer: async () => {
      expect((await conversation('test/asks-twice', ['Go', 'Ada', 'blue'])).texts.at(-1)).toBe('Ada likes blue.');
    },
    'two doors': async () => {
      const session = crypto.randomUUID();
      await saidOverA2A(url, 'there', session);
      expect((await conversation('test/remembers', ['here'], session)).texts.at(-1)).toBe('there, here');
    },
    errors: async () => {
      const unknown = await conversation('nobody/here', ['hello']);
      expect(unknown.error?.message).toBe('There is no agent "nobody/here".');
      const failed = await conversation('test/throws-at-once', ['Go']);
      expect(failed.error?.message).toContain('There is nothing to do here.');
    },
  };
}
