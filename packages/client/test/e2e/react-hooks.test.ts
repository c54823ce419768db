/** The hooks in StrictMode on a real server: one stream for each task and session, live, ended with the component. */
import { Window } from 'happy-dom';
import { createElement, StrictMode, type ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { ContinuoClient, textOf } from '../../src/index.js';
import { ContinuoProvider, useSession, useTask, type UsedSession, type UsedTask } from '../../src/react/index.js';

let server: ServerProcess;
let client: ContinuoClient;
let mount: (element: ReactElement) => () => void;
/** Streams that were opened, and how many of them are open. */
const streams = { opened: 0, open: 0 };

beforeAll(async () => {
  server = await startServer();
  client = new ContinuoClient({ url: server.url, fetch: countingFetch });
  const window = new Window();
  const { document: page, navigator, HTMLIFrameElement } = window;
  for (const [name, value] of Object.entries({ window, document: page, navigator, HTMLIFrameElement })) {
    vi.stubGlobal(name, value);
  }
  // It looks for a document when it is loaded.
  const { createRoot } = await import('react-dom/client');
  mount = (element) => {
    const root = createRoot(document.body.appendChild(document.createElement('div')));
    root.render(createElement(StrictMode, null, createElement(ContinuoProvider, { client }, element)));
    return () => root.unmount();
  };
});

beforeEach(() => {
  streams.opened = 0;
});

afterAll(() => void vi.unstubAllGlobals());

const countingFetch: typeof fetch = async (input, init) => {
  const isStream = new Headers(init?.headers).get('accept') === 'text/event-stream';
  if (isStream) {
    streams.opened += 1;
    streams.open += 1;
    init?.signal?.addEventListener('abort', () => (streams.open -= 1), { once: true });
  }
  return fetch(input, init);
};

/** A component that shows nothing and remembers what its hook gave. */
function shown<Used>(use: () => Used): { readonly element: ReactElement; readonly all: Used[] } {
  const all: Used[] = [];
  const Shown = (): null => {
    all.push(use());
    return null;
  };
  return { element: createElement(Shown), all };
}

const countdown = (steps: number) => ({ data: { steps, delayMs: 100 } });

it('a task that is named by its id goes on to its end, over one stream', async () => {
  const { id } = await client.agents.send('function/countdown', countdown(8));
  const { element, all } = shown<UsedTask>(() => useTask(id));
  const unmount = mount(element);
  await until(() => all.at(-1)?.hasEnded, { what: 'the end of the task' });
  const { task, answer, error } = all.at(-1) ?? {};
  expect([task?.status.state, error]).toEqual(['TASK_STATE_COMPLETED', undefined]);
  expect(answer).toBe('Counted 8 steps.');
  expect(new Set(all.map((one) => one.task?.status.state)).size).toBeGreaterThan(1);
  // The second one is told that there is nothing more.
  expect(streams.opened).toBeLessThanOrEqual(2);
  unmount();
  await until(() => streams.open === 0, { what: 'the end of the stream' });
});

it('a call is made by send alone; cancel ends it, retry goes on; what is refused is told', async () => {
  const { element, all } = shown<UsedTask>(() => useTask({ agent: 'function/countdown' }));
  const unmount = mount(element);
  const now = await until(() => all.at(-1), { what: 'the first rendering' });
  expect([now.task, streams.opened]).toEqual([undefined, 0]);
  const begun = await now.send(countdown(600));
  await until(() => all.at(-1)?.task?.status.state === 'TASK_STATE_WORKING', { what: 'the task to work' });
  expect(all.at(-1)?.task?.id).toBe(begun?.id);
  await all.at(-1)?.cancel();
  await until(() => all.at(-1)?.task?.status.state === 'TASK_STATE_CANCELED', { what: 'the cancellation' });
  expect(await all.at(-1)?.cancel()).toBeUndefined();
  await until(() => all.at(-1)?.error?.reason === 'TASK_NOT_CANCELABLE', { what: 'the refusal' });
  await until(() => all.at(-1)?.connection === undefined, { what: 'the end of the stream' });
  await all.at(-1)?.retry('start');
  await until(() => all.at(-1)?.task?.status.state === 'TASK_STATE_WORKING', { what: 'the second attempt' });
  unmount();
  await until(() => streams.open === 0, { what: 'the end of the stream' });
  await client.tasks.cancel(begun?.id ?? '');
});

it('a session shows what is said and what runs, over one stream', async () => {
  const { id } = await client.sessions.create();
  const { element, all } = shown<UsedSession>(() => useSession(id));
  const unmount = mount(element);
  await until(() => all.at(-1)?.connection === 'open', { what: 'the stream' });
  await all.at(-1)?.send('function/echo', 'Good morning');
  await until(() => all.at(-1)?.messages.length === 2 && all.at(-1)?.running.length === 0, { what: 'the answer' });
  expect(all.at(-1)?.messages.map(({ message }) => textOf(message))).toEqual(['Good morning', 'Good morning']);
  const task = await client.agents.send('function/countdown', countdown(600), { sessionId: id });
  await until(() => all.at(-1)?.running.some((one) => one.id === task.id), { what: 'the task that runs' });
  await all.at(-1)?.cancel(task.id);
  await until(() => all.at(-1)?.running.length === 0, { what: 'its end' });
  expect(streams.opened).toBe(1);
  unmount();
  await until(() => streams.open === 0, { what: 'the end of the stream' });
});

it('a session shows its end first, and what was said before on demand', async () => {
  const { id } = await client.sessions.create();
  for (let n = 1; n <= 30; n += 1) await client.agents.call('function/echo', `no. ${n}`, { sessionId: id });
  const { element, all } = shown<UsedSession>(() => useSession(id));
  const unmount = mount(element);
  await until(() => all.at(-1)?.messages.length === 50, { what: 'the newest messages' });
  const newest = all.at(-1);
  expect([textOf(newest?.messages.at(-1)?.message), newest?.hasEarlier]).toEqual(['no. 30', true]);
  await Promise.all([newest?.loadEarlier(), newest?.loadEarlier()]);
  await until(() => all.at(-1)?.messages.length === 60, { what: 'what was said before' });
  await newest?.send('function/echo', 'no. 31');
  await until(() => all.at(-1)?.messages.length === 62, { what: 'what is said now' });
  const { messages = [], hasEarlier } = all.at(-1) ?? {};
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, at) => (messages[0]?.seq ?? 0) + at));
  expect([textOf(messages[0]?.message), hasEarlier]).toEqual(['no. 1', false]);
  unmount();
  await until(() => streams.open === 0, { what: 'the end of the stream' });
});

it('a server renders both without asking anybody', () => {
  const { element } = shown(() => [useTask('some-id'), useSession('some-id')]);
  expect(renderToString(createElement(ContinuoProvider, { client }, element))).toBe('');
  expect(streams.opened).toBe(0);
});
