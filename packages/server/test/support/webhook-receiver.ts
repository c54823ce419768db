/** A receiver of webhooks on loopback that keeps what it gets, and answers as a test tells it. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { onLoopback } from './on-loopback.js';

/** What it does with one request. */
export type Reply =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Cuts the connection. */
  | { readonly kind: 'close' }
  /** Answers 200 when `until` resolves. */
  | { readonly kind: 'slow'; readonly until: Promise<void> }
  /** 200, and a body without an end. */
  | { readonly kind: 'flood' };

export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came over the wire. */
  readonly raw: string;
  readonly body: unknown;
  /** The number of the event in its task's log. */
  readonly seq: number;
  readonly taskId: string;
}

export interface ReceiverEndpoint {
  readonly url: string;
  /** Everything it got, in order. */
  readonly received: readonly Received[];
  /** The next replies, in order; then `always` again. */
  next(...replies: readonly Reply[]): void;
  /** Default: 200. */
  always(reply: Reply): void;
}

export interface Receiver {
  readonly origin: string;
  /** Each path is a receiver of its own. */
  at(path: string): ReceiverEndpoint;
}

export const answer = (code: number, headers: Record<string, string> = {}, body = ''): Reply => {
  return { kind: 'status', status: code, headers, body };
};

interface State {
  readonly received: Received[];
  readonly next: Reply[];
  always: Reply;
}

export async function startReceiver(): Promise<Receiver> {
  const states = new Map<string, State>();
  const stateOf = (path: string): State => {
    const known = states.get(path) ?? { received: [], next: [], always: answer(200) };
    states.set(path, known);
    return known;
  };
  const server = createServer((request, response) => {
    void receive(request).then((received) => {
      const state = stateOf(request.url ?? '/');
      state.received.push(received);
      return carryOut(state.next.shift() ?? state.always, response);
    });
  });
  const origin = await onLoopback(server);
  return {
    origin,
    at: (name) => {
      const path = `/${name}`;
      const state = stateOf(path);
      return {
        url: `${origin}${path}`,
        received: state.received,
        next: (...replies) => void state.next.push(...replies),
        always: (reply) => {
          state.always = reply;
        },
      };
    },
  };
}

/** What the official library makes of a delivery; throws when the signature is not that of `secret`. */
export function verified({ raw, headers }: Received, secret: string): unknown {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return new Webhook(secret).verify(raw, plain);
}

/** The numbers of the events that came, by task. */
export function seqsByTask(received: readonly Received[]): ReadonlyMap<string, readonly number[]> {
  const seqs = new Map<string, number[]>();
  for (const { taskId, seq } of received) seqs.set(taskId, [...(seqs.get(taskId) ?? []), seq]);
  return seqs;
}

async function receive(request: IncomingMessage): Promise<Received> {
  const raw = await text(request);
  const body: unknown = raw === '' ? undefined : JSON.parse(raw);
  return {
    id: String(request.headers['webhook-id']),
    headers: request.headers,
    raw,
    body,
    seq: Number(request.headers['continuo-seq']),
    taskId: taskIdOf(body),
  };
}

function taskIdOf(body: unknown): string {
  const event = (body ?? {}) as Partial<Record<string, { readonly id?: string; readonly taskId?: string }>>;
  return event.task?.id ?? event.statusUpdate?.taskId ?? event.artifactUpdate?.taskId ?? '';
}

async function carryOut(reply: Reply, response: ServerResponse): Promise<void> {
  response.on('error', () => undefined);
  if (reply.kind === 'hang') return;
  if (reply.kind === 'close') return void response.destroy();
  if (reply.kind === 'slow') await reply.until;
  if (reply.kind === 'flood') return flood(response);
  const { status: code, headers = {}, body = '' } = reply.kind === 'status' ? reply : { status: 200 };
  response.writeHead(code, headers).end(body);
}

function flood(response: ServerResponse): void {
  response.writeHead(200);
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(16_384)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}
