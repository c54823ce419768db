/** What must hold of two servers behind a proxy, whichever it is: streams, uploads, links, gRPC, and the loss of a server. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect, request, send, stateOf, transports } from '../support/a2a-client.js';
import { certificate } from '../support/certificate.js';
import { createTestDatabase } from '../support/database.js';
import { ResumingReader } from '../support/event-stream.js';
import { callGrpc, grpcClient, grpcOf, streamGrpc } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { freePort, startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { until } from '../support/until.js';

interface Ports {
  readonly http: number;
  readonly grpc: number;
}

/** Where everything is; all on 127.0.0.1. */
export interface Places {
  /** The proxy's, TLS for localhost. */
  readonly port: number;
  /** A free one. */
  readonly otherPort: number;
  readonly first: Ports;
  readonly second: Ports;
}

type StartProxy = (places: Places) => Promise<void>;

const MB = 1024 * 1024;
const LONG = { steps: 2_000, delayMs: 20 };

async function startBoth(startProxy: StartProxy, path: string) {
  const [port, otherPort, ...ports] = await Promise.all(Array.from({ length: 6 }, freePort));
  const [a = 0, b = 0, c = 0, d = 0] = ports;
  const places = {
    port: port ?? 0,
    otherPort: otherPort ?? 0,
    first: { http: a, grpc: b },
    second: { http: c, grpc: d },
  };
  const url = `https://localhost:${places.port}${path}`;
  const { url: databaseUrl } = await createTestDatabase();
  const start = ({ http, grpc }: Ports): Promise<ServerProcess> =>
    startServer({
      env: {
        DATABASE_URL: databaseUrl,
        PORT: String(http),
        CONTINUO_GRPC_PORT: String(grpc),
        CONTINUO_GRPC_PUBLIC_ADDRESS: `localhost:${places.port}`,
        CONTINUO_PUBLIC_URL: url,
        ...soon,
      },
    });
  const servers = await Promise.all([start(places.first), start(places.second)]);
  await startProxy(places);
  await until(async () => (await fetch(`${url}/readyz`)).ok, { what: `${url}/readyz` });
  return { url, servers };
}

/** Begins a countdown, which says something with every step. */
async function countdown(url: string, data: object): Promise<string> {
  const { status, body } = await call('POST', `${url}/agents/function/countdown/tasks`, {
    body: { message: { parts: [{ data }] } },
  });
  expect(status).toBe(201);
  return textAt(body, 'id');
}

async function stateOfTask(url: string, id: string): Promise<string> {
  return textAt((await call('GET', `${url}/tasks/${id}`)).body, 'status', 'state');
}

/** Whether the proxy has lost the server that it asked: then the client asks again. */
function isLost({ status }: Pick<Answer, 'status'>): boolean {
  return [502, 503, 504].includes(status);
}

/** Every address in the card of function/echo, with the transport that it is for. */
async function interfacesOf(url: string): Promise<readonly (readonly [string, string])[]> {
  const { body } = await call('GET', `${url}/agents/function/echo/.well-known/agent-card.json`);
  const found = at(body, 'supportedInterfaces');
  return (Array.isArray(found) ? found : []).map((one) => [textAt(one, 'protocolBinding'), textAt(one, 'url')]);
}

export function ofItsOwnName(proxy: string, startProxy: StartProxy): void {
  describe(`behind ${proxy}, under a name of its own`, () => {
    let url: string;
    let servers: ServerProcess[];
    beforeAll(async () => {
      ({ url, servers } = await startBoth(startProxy, ''));
    });

    it('cards say the public addresses, and the official client gets along with them', async () => {
      const interfaces = await interfacesOf(url);
      expect(interfaces.length).toBeGreaterThan(2);
      const web = `${url}/agents/function/echo`;
      for (const [binding, address] of interfaces) {
        expect(address).toMatch(binding === 'GRPC' ? new URL(url).host : web);
      }
      for (const transport of transports) {
        expect(stateOf(await send(await connect(url, 'function/echo', transport), 'hello'))).toBe('COMPLETED');
      }
    });

    it('events arrive while the task still runs', async () => {
      const id = await countdown(url, LONG);
      const reader = new ResumingReader(`${url}/tasks/${id}/events`);
      expect(await reader.read(() => reader.frames.length >= 5)).toBe('enough');
      expect(await stateOfTask(url, id)).toBe('TASK_STATE_WORKING');
      expect((await call('POST', `${url}/tasks/${id}:cancel`, { body: {} })).status).toBe(200);
    });

    it('events of A2A streams arrive while the task still runs', async () => {
      const params = { message: { ...messageJson(), parts: [{ data: LONG }] } };
      const aborted = new AbortController();
      const response = await fetch(`${url}/agents/function/countdown`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params }),
        signal: aborted.signal,
      });
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString();
        if (text.split('\n\n').length > 5) break;
      }
      aborted.abort();
      const id = /"id":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? '';
      expect(await stateOfTask(url, id)).toBe('TASK_STATE_WORKING');
      await call('POST', `${url}/tasks/${id}:cancel`, { body: {} });
    });

    it('gRPC passes on the same port: answers, errors, and streams event by event', async () => {
      const { address, tenant } = await grpcOf(url, 'function/countdown');
      const client = grpcClient(address, credentials.createSsl(Buffer.from(certificate)));
      const short = await callGrpc(client, 'sendMessage', { ...request({ steps: 1, delayMs: 1 }), tenant });
      expect(short.code).toBe('OK');
      const nothing = await callGrpc(client, 'getTask', { id: randomUUID(), tenant });
      expect([nothing.code, at(nothing.info, 'reason')]).toEqual(['NOT_FOUND', 'TASK_NOT_FOUND']);
      const stream = streamGrpc(client, 'sendStreamingMessage', { ...request(LONG), tenant });
      stream.on('error', () => undefined);
      let count = 0;
      let id = '';
      for await (const event of stream) {
        count += 1;
        id ||= textAt(event, 'payload', 'value', 'id');
        if (count === 5) break;
      }
      expect(await stateOfTask(url, id)).toBe('TASK_STATE_WORKING');
      stream.cancel();
      await call('POST', `${url}/tasks/${id}:cancel`, { body: {} });
      client.close();
    });

    it('20 MB are uploaded and read again, whole and in ranges', async () => {
      const content = randomBytes(20 * MB);
      const response = await fetch(`${url}/files?name=large.bin`, { method: 'POST', body: content });
      const stored: unknown = await response.json();
      const file = textAt(stored, 'url');
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect([response.status, stored]).toMatchObject([201, { bytes: content.length, sha256 }]);
      expect(file).toMatch(`${url}/files/`);
      expect(Buffer.from(await (await fetch(file)).arrayBuffer()).equals(content)).toBe(true);
      const range = await fetch(file, { headers: { range: 'bytes=1000000-1000099' } });
      expect([range.status, range.headers.get('content-range')]).toEqual([
        206,
        `bytes 1000000-1000099/${content.length}`,
      ]);
      expect(Buffer.from(await range.arrayBuffer()).equals(content.subarray(1_000_000, 1_000_100))).toBe(true);
    });

    it('an upload in two requests is continued', async () => {
      const content = randomBytes(2 * MB);
      const begun = await fetch(`${url}/files?name=two.bin`, {
        method: 'POST',
        headers: { 'upload-complete': '?0' },
        body: content.subarray(0, MB),
      });
      expect(begun.status).toBe(201);
      const place = begun.headers.get('location') ?? '';
      const rest = await fetch(new URL(place, url), {
        method: 'PATCH',
        headers: {
          'upload-complete': '?1',
          'upload-offset': String(MB),
          'content-type': 'application/partial-upload',
        },
        body: content.subarray(MB),
      });
      expect([rest.status, await rest.json()]).toMatchObject([201, { bytes: content.length }]);
    });

    it('what is refused is refused by the server, in its words', async () => {
      const large = await call('POST', `${url}/agents/function/echo/tasks`, {
        body: { message: 'x'.repeat(10 * MB + 1000) },
      });
      expect([large.status, at(large.body, 'error', 'details', 0, 'reason')]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
      expect(at((await callRpc(`${url}/agents/function/nobody`, 'GetTask', {})).body, 'error')).toBeDefined();
    });

    it("the caller's request id goes through", async () => {
      const response = await fetch(`${url}/agents`, { headers: { 'x-request-id': 'order-17' } });
      expect(response.headers.get('x-request-id')).toBe('order-17');
      expect((await fetch(`${url}/agents`)).headers.get('x-request-id')).toMatch(/^[\w.:-]{8,}$/);
    });

    it('with one server killed in the middle, streams and calls go on', async () => {
      const id = await countdown(url, { steps: 60, delayMs: 100 });
      // Enough readers that each server has some of them.
      const readers = Array.from({ length: 8 }, () => new ResumingReader(`${url}/tasks/${id}/events`));
      let resumed = 0;
      const reading = readers.map(async (reader) => {
        for (;;) {
          await reader.read().catch((error: Error) => {
            if (!/no stream but 50[234]/.test(error.message)) throw error;
          });
          // Some proxies end a stream properly whose server has died: what its client has seen tells whether it is over.
          if (JSON.stringify(reader.frames.at(-1)?.data).includes('TASK_STATE_COMPLETED')) return;
          resumed += 1;
        }
      });
      await until(() => readers.every(({ frames }) => frames.length > 5), { what: 'all readers to have begun' });
      await servers[0]?.kill('SIGKILL');

      for (let n = 0; n < 20; n += 1) {
        const message = { ...messageJson(), parts: [{ text: `call ${n}` }] };
        const answered = await until(
          async () => {
            const answer = await callRpc(`${url}/agents/function/echo`, 'SendMessage', { message });
            return !isLost(answer) && answer;
          },
          { what: 'the other server to answer' },
        ).catch((error: unknown) => error);
        expect(answered).toMatchObject({ body: { result: { task: { status: { state: 'TASK_STATE_COMPLETED' } } } } });
      }

      await Promise.all(reading);
      expect(resumed).toBeGreaterThan(0);
      const all = readers[0]?.ids ?? [];
      expect(all).toEqual(all.map((_id, index) => index + 1));
      for (const { ids } of readers) expect(ids).toEqual(all);
      expect(await stateOfTask(url, id)).toBe('TASK_STATE_COMPLETED');
    });
  });
}

function messageJson(): Readonly<Record<string, unknown>> {
  return { messageId: randomUUID(), role: 'ROLE_USER' };
}

export function belowAPath(proxy: string, startProxy: StartProxy): void {
  describe(`behind ${proxy}, below a path`, () => {
    let url: string;
    beforeAll(async () => {
      ({ url } = await startBoth(startProxy, '/continuo'));
    });

    it('cards, calls, streams, files and pages are below it', async () => {
      const web = (await interfacesOf(url)).filter(([binding]) => binding !== 'GRPC');
      for (const [, address] of web) expect(address).toMatch(`${url}/agents/function/echo`);
      expect(stateOf(await send(await connect(url, 'function/echo'), 'hello'))).toBe('COMPLETED');
      const reader = new ResumingReader(`${url}/tasks/${await countdown(url, { steps: 3, delayMs: 1 })}/events`);
      expect(await reader.read()).toBe('ended');
      const stored: unknown = await (
        await fetch(`${url}/files`, { method: 'POST', body: randomBytes(11 * MB) })
      ).json();
      expect(textAt(stored, 'url')).toMatch(`${url}/files/`);
      expect((await fetch(textAt(stored, 'url'), { method: 'HEAD' })).status).toBe(200);
    });

    it('the console is there, with all that it loads', async () => {
      expect((await fetch(new URL('/continuo', url))).url).toBe(`${url}/console/`);
      for (const page of ['/console/', '/console/tasks', '/console/agents/function/echo']) {
        const document = await (await fetch(url + page)).text();
        const base = new URL(/<base href="([^"]*)"/.exec(document)?.[1] ?? 'none', url + page);
        expect(base.href).toBe(`${url}/console/`);
        const links = [...document.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(([, link = '']) => new URL(link, base));
        expect(links.length).toBeGreaterThan(2);
        for (const link of links) expect((await fetch(link)).status).toBe(200);
      }
    });

    it('nothing of it is beside the path', async () => {
      expect(await (await fetch(new URL('/agents', url))).text()).not.toContain('function/echo');
      expect(await (await fetch(`${url}/agents`)).text()).toContain('function/echo');
    });
  });
}
