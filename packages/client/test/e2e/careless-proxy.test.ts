/** Behind a proxy that cuts, falls silent, repeats itself and wants another token, the client gives what it gives without one. */
import { beforeAll, expect, it } from 'vitest';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { ContinuoApiError, ContinuoClient, type TaskEvent } from '../../src/index.js';
import { startCarelessProxy, type Careless } from '../support/careless-proxy.js';

let server: ServerProcess;
let direct: ContinuoClient;

beforeAll(async () => {
  server = await startServer();
  direct = new ContinuoClient({ url: server.url });
});

async function behind(careless: Careless, options: Omit<ConstructorParameters<typeof ContinuoClient>[0], 'url'> = {}) {
  const proxy = await startCarelessProxy(server.url, careless);
  return { client: new ContinuoClient({ ...options, url: proxy.url }), streams: proxy.streams };
}

async function all(events: AsyncIterable<TaskEvent>): Promise<readonly TaskEvent[]> {
  const seen: TaskEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

const countdown = { data: { steps: 12, delayMs: 5 } };

it.each([
  { what: 'cut after any byte', careless: { fault: 'cut', streamBytes: () => 600 + Math.floor(Math.random() * 4000) } },
  {
    what: 'silent after any byte',
    careless: { fault: 'silence', streamBytes: () => 600 + Math.floor(Math.random() * 4000) },
  },
  { what: 'told twice', careless: { twice: true } },
] as const)('a stream that is $what brings each event once and in order', async ({ careless }) => {
  const { client, streams } = await behind(careless);
  const task = await client.agents.call('function/countdown', countdown);
  const logged = await all(direct.tasks.follow(task.id));
  const before = streams();
  const seen = await all(client.tasks.follow(task.id, { silenceMs: 300 }));
  expect(seen).toEqual(logged);
  expect(seen.length).toBeGreaterThan(12);
  expect(streams() - before).toBeGreaterThan('twice' in careless ? 0 : 1);
});

it('an upload that breaks off goes on behind what the server has of it', async () => {
  const { client } = await behind({ uploadBytes: [70_000, 1, 150_000] });
  const content = new Uint8Array(600_000).map((_, index) => index % 251);
  const progress: number[] = [];
  const file = await client.files.upload(content, {
    name: 'numbers.bin',
    partBytes: 250_000,
    onProgress: ({ bytes }) => progress.push(bytes),
  });
  expect([file.bytes, file.complete, progress]).toEqual([600_000, true, [250_000, 500_000, 600_000]]);
  const stored: Uint8Array[] = [];
  for await (const piece of direct.files.read(file.id)) stored.push(piece);
  expect(Buffer.concat(stored).equals(content)).toBe(true);
});

it('a token that expires is renewed, in calls and in the middle of a stream', async () => {
  const careless: Careless = { token: 'first', fault: 'cut', streamBytes: () => 2500 };
  let current = 'first';
  const asked: boolean[] = [];
  const { client } = await behind(careless, {
    token: async ({ renew }) => {
      asked.push(renew);
      if (renew) current = careless.token ?? '';
      return current;
    },
  });
  const { id } = await client.agents.send('function/countdown', countdown);
  await direct.tasks.settled(id);
  const seen: TaskEvent[] = [];
  for await (const event of client.tasks.follow(id)) {
    if (seen.push(event) === 1) careless.token = 'second';
  }
  expect(seen).toEqual(await all(direct.tasks.follow(id)));
  careless.token = 'third';
  expect((await client.tasks.get(id)).id).toBe(id);
  expect(asked.filter((renew) => renew)).toHaveLength(2);
});

it('abort ends a call, a stream and a wait at once', async () => {
  const careless: Careless = {};
  const { client } = await behind(careless);
  const { id } = await client.agents.send('function/countdown', { data: { steps: 600, delayMs: 1000 } });
  const stopped = new AbortController();
  const { signal } = stopped;
  const reason = new Error('enough');
  const stream = all(
    client.tasks.follow(id, { signal, onConnection: (now) => now === 'open' && stopped.abort(reason) }),
  );
  await expect(stream).rejects.toBe(reason);
  careless.isMute = true;
  const waiting = new AbortController();
  const call = client.tasks.get(id, {}, { signal: waiting.signal });
  waiting.abort(reason);
  await expect(call).rejects.toBe(reason);
  await expect(client.tasks.get(id, {}, { signal })).rejects.toBe(reason);
  await direct.tasks.cancel(id);
});

it('errors say what is wrong: code, field, what was expected, the id of the request', async () => {
  const { client } = await behind({});
  const refused = async (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
  const missing = await refused(client.tasks.get('0190d1f0-7a30-7000-8000-000000000000'));
  expect(missing).toBeInstanceOf(ContinuoApiError);
  expect(missing).toMatchObject({ status: 404, reason: 'TASK_NOT_FOUND', requestId: expect.stringMatching(/./) });
  expect(await refused(client.tasks.list({ pageSize: 1000 }))).toMatchObject({
    status: 400,
    reason: 'INVALID_ARGUMENT',
    field: 'pageSize',
    expected: expect.stringMatching(/100/),
    requestId: expect.stringMatching(/./),
  });
});
