/** AG-UI's own client. */
import { expect } from 'vitest';
import { AgUiChat } from '../ag-ui-chat.js';
import { losingItsInstance } from '../cut-off.js';
import { cutOffAt, dictation, installed, saidOverA2A, type DoorClient, type Instances } from './door-client.js';

export async function agUi({ url, other }: Instances): Promise<DoorClient> {
  const chatWith = (agent: string, more: Partial<ConstructorParameters<typeof AgUiChat>[0]> = {}): AgUiChat =>
    new AgUiChat({ url: `${url}/ag-ui/${agent}`, ...more });
  const answers = (chat: AgUiChat, payload: string) =>
    chat.run({ resume: [{ interruptId: chat.interruptId, status: 'resolved', payload }] });
  return {
    name: `${await installed('@ag-ui/client')}, \`HttpAgent\``,
    scenarios: {
      send: async () => {
        const chat = chatWith('function/echo');
        await chat.say('hello');
        expect(chat.texts).toEqual(['hello', 'hello']);
      },
      stream: async () => {
        const events = await chatWith('test/tells').say('Go');
        const pieces = events.filter(({ type }) => type === 'TEXT_MESSAGE_CONTENT').map((event) => event['delta']);
        expect(pieces).toEqual(['0 ', '1 ', '2 ']);
      },
      memory: async () => {
        const chat = chatWith('test/remembers');
        await chat.say('one');
        await chat.say('two');
        expect(chat.texts.at(-1)).toBe('one, two');
      },
      answer: async () => {
        const chat = chatWith('test/asks-twice');
        await chat.say('Go');
        await answers(chat, 'Ada');
        await answers(chat, 'blue');
        expect(chat.texts.at(-1)).toBe('Ada likes blue.');
      },
      cancel: async () => {
        const chat = chatWith('test/asks-twice');
        await chat.say('Go');
        const events = await chat.run({ resume: [{ interruptId: chat.interruptId, status: 'cancelled' }] });
        expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } });
      },
      resume: async () => {
        const chat = chatWith('test/dictates', { fetch: catchingCancel(losingItsInstance(cutOffAt, other)) });
        await expect(chat.say(dictation, { runId: 'cut-off' })).rejects.toThrow('The connection was lost.');
        await chat.run({ runId: 'cut-off' });
        expect(chat.texts).toEqual([dictation, `${dictation} `]);
      },
      'two doors': async () => {
        const threadId = crypto.randomUUID();
        await saidOverA2A(url, 'there', threadId);
        const chat = chatWith('test/remembers', { threadId });
        await chat.say('here');
        expect(chat.texts.at(-1)).toBe('there, here');
      },
      errors: async () => {
        await expect(chatWith('nobody/here').say('hello')).rejects.toThrow('There is no agent \\"nobody/here\\".');
        const events = await chatWith('test/throws-at-once').say('Go');
        const message = expect.stringContaining('There is nothing to do here.') as string;
        expect(events.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'task_failed', message });
      },
    },
  };
}

/** The client throws what cancelling a lost stream fails with where nobody can catch it (ag-ui#2510). */
function catchingCancel(inner: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await inner(input, init);
    const reader = response.body?.getReader();
    if (reader === undefined) return response;
    const cancel = (): Promise<void> => reader.cancel().catch(() => undefined);
    const body = { getReader: () => ({ read: () => reader.read(), cancel }) };
    return Object.defineProperty(response, 'body', { value: body });
  };
}
