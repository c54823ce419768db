/** A remote agent over plain HTTP that answers exactly what a test tells it, however wrong that is. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onLoopback } from './on-loopback.js';

export type Operation = 'card' | 'send' | 'get' | 'subscribe' | 'cancel';

/** What comes back, byte by byte. */
export interface Reply {
  readonly status?: number;
  /** `application/json` by default. */
  readonly type?: string;
  readonly body: string;
  /** The connection ends before the body does. */
  readonly cut?: boolean;
}

export interface Asked {
  readonly operation: Operation;
  /** JSON-RPC's. */
  readonly id: unknown;
  readonly messageId: string | undefined;
}

export interface OddOptions {
  readonly binding?: 'JSONRPC' | 'HTTP+JSON';
  readonly version?: '1.0' | '0.3';
  readonly streaming?: boolean;
  /** In place of what the card says otherwise; undefined takes the field away. */
  readonly card?: Readonly<Record<string, unknown>>;
}

export interface OddRemote {
  readonly cardUrl: string;
  /** What it was asked, but for cards, in order. */
  readonly asked: readonly Asked[];
  /** What it answers to each; the last reply counts for all that follow. Without any it has no such operation. */
  on(operation: Operation, ...replies: readonly ((asked: Asked) => Reply)[]): OddRemote;
  /** Forgets what it was told and asked. */
  reset(): OddRemote;
  /** How often it was asked for this. */
  count(operation: Operation): number;
}

export class OddHost {
  readonly #remotes = new Map<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>();

  private constructor(private readonly url: string) {}

  static async start(): Promise<OddHost> {
    const server = createServer((request, response) => {
      const [, name = ''] = request.url?.split('/') ?? [];
      void host.#remotes.get(name)?.(request, response);
    });
    const host: OddHost = new OddHost(await onLoopback(server));
    return host;
  }

  /** One of its remote agents. */
  remote(name: string, options: OddOptions = {}): OddRemote {
    const { binding = 'JSONRPC', version = '1.0' } = options;
    const base = `${this.url}/${name}`;
    const asked: Asked[] = [];
    const card = (): Reply => json(cardOf(base, options));
    const replies = new Map<Operation, ((asked: Asked) => Reply)[]>([['card', [card]]]);
    this.#remotes.set(name, async (request, response) => {
      const got = await askedIn(request);
      if (got.operation !== 'card') asked.push(got);
      const left = replies.get(got.operation) ?? [];
      const reply = (left.length > 1 ? left.shift() : left[0]) ?? (() => missing(binding, version, got));
      answer(response, reply(got));
    });
    const remote: OddRemote = {
      cardUrl: `${base}/card.json`,
      asked,
      on: (operation, ...given) => {
        replies.set(operation, [...given]);
        return remote;
      },
      reset: () => {
        asked.length = 0;
        replies.clear();
        return remote.on('card', card);
      },
      count: (operation) => asked.filter((one) => one.operation === operation).length,
    };
    return remote;
  }
}

export function json(value: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(value) };
}

/** As the binding has results: in JSON-RPC's envelope, or by themselves. */
export function result(value: unknown, binding: OddOptions['binding'] = 'JSONRPC'): (asked: Asked) => Reply {
  return ({ id }) => json(binding === 'JSONRPC' ? { jsonrpc: '2.0', id, result: value } : value);
}

export function events(
  values: readonly unknown[],
  binding: OddOptions['binding'] = 'JSONRPC',
): (asked: Asked) => Reply {
  return (asked) => ({
    type: 'text/event-stream',
    body: values.map((value) => `data: ${result(value, binding)(asked).body}\n\n`).join(''),
  });
}

/** -32001, as each binding and version has it. */
export function notFound({ binding = 'JSONRPC', version = '1.0' }: OddOptions): (asked: Asked) => Reply {
  const [code, message] = [-32001, 'Task not found'];
  if (binding === 'JSONRPC') return ({ id }) => json({ jsonrpc: '2.0', id, error: { code, message } });
  if (version === '0.3') return () => json({ code, message }, 404);
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'TASK_NOT_FOUND',
    domain: 'a2a-protocol.org',
  };
  return () => json({ error: { code: 404, status: 'NOT_FOUND', message, details: [info] } }, 404);
}

/** Without such an operation. */
function missing(binding: OddOptions['binding'], version: string, { id, operation }: Asked): Reply {
  const error = { code: -32601, message: `Method not found: ${operation}` };
  if (binding === 'JSONRPC') return json({ jsonrpc: '2.0', id, error });
  return version === '0.3'
    ? json({ detail: 'Not Found' }, 404)
    : { status: 404, type: 'text/html', body: '<h1>Not Found</h1>' };
}

function answer(response: ServerResponse, { status = 200, type = 'application/json', body, cut }: Reply): void {
  response.writeHead(status, { 'content-type': type, ...(cut && { 'content-length': body.length + 100 }) });
  if (cut !== true) response.end(body);
  else response.write(body, () => response.destroy());
}

const METHODS: Readonly<Record<string, Operation>> = {
  SendMessage: 'send',
  'message/send': 'send',
  GetTask: 'get',
  'tasks/get': 'get',
  SubscribeToTask: 'subscribe',
  'tasks/resubscribe': 'subscribe',
  CancelTask: 'cancel',
  'tasks/cancel': 'cancel',
};

interface Sent {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Sent;
  readonly message?: { readonly messageId?: string };
  readonly request?: { readonly messageId?: string };
}

async function askedIn(request: IncomingMessage): Promise<Asked> {
  const path = request.url ?? '';
  const body = await text(request);
  const sent = (body === '' ? {} : JSON.parse(body)) as Sent;
  const { message, request: old } = sent.params ?? sent;
  const ofPath = path.endsWith('card.json')
    ? 'card'
    : path.endsWith('message:send')
      ? 'send'
      : /:(subscribe|cancel)$/.exec(path)?.[1];
  const operation = METHODS[sent.method ?? ''] ?? (ofPath as Operation | undefined) ?? 'get';
  return { operation, id: sent.id, messageId: message?.messageId ?? old?.messageId };
}

function cardOf(
  base: string,
  { binding = 'JSONRPC', version = '1.0', streaming = false, card = {} }: OddOptions,
): unknown {
  const url = `${base}/a2a`;
  const common = {
    name: 'Odd',
    description: 'Answers as it is told.',
    version: '1.0.0',
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 'odd', name: 'Odd', description: 'Anything.', tags: ['odd'] }],
  };
  const ways =
    version === '1.0'
      ? { supportedInterfaces: [{ url, protocolBinding: binding, protocolVersion: version }] }
      : { url, preferredTransport: binding, protocolVersion: '0.3.0' };
  return { ...common, ...ways, ...card };
}
