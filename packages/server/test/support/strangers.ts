/** Callers with keys of their own, what belongs to one of them, and what they are answered. */
import { until } from './until.js';
import { at, call, textAt } from './http-calls.js';

export interface Client {
  readonly url: string;
  readonly tenant: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What belongs to one caller. */
export interface World {
  readonly taskId: string;
  readonly sessionId: string;
  readonly fileId: string;
  /** Not finished. */
  readonly uploadId: string;
  readonly keyId: string;
  readonly memoryId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
}

/** One request. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The code of our error, if it is one. */
  readonly reason: unknown;
  /** It did what it was asked to. */
  readonly ok: boolean;
  /** What was asked for isn't there, in the form of the transport. */
  readonly missing: boolean;
}

/** Nobody listens there. */
export const HOOK = 'https://127.0.0.1:9/hook';
const TASK_NOT_FOUND = -32_001;

/** Asks; of a stream it reads the first event, or as far as `until` stands in it. */
export async function ask({ url, headers }: Client, question: Question, marker = ''): Promise<Answered> {
  const { method, path, body } = question;
  const client = new AbortController();
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: client.signal,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = isStream ? await beginningOf(response, marker) : await response.text();
  client.abort();
  const json = text.startsWith('{') && !isLines(response) ? (JSON.parse(text) as unknown) : undefined;
  const error = at(json, 'error') ?? at(frameIn(text), 'error');
  const missing = response.status === 404 || at(error, 'code') === TASK_NOT_FOUND;
  return {
    status: response.status,
    headers: response.headers,
    text,
    reason: at(error, 'data', 0, 'reason') ?? at(error, 'details', 0, 'reason'),
    ok: response.status < 300 && at(error, 'code') === undefined,
    missing,
  };
}

/** The agent has published its artifact. */
export const noted = ({ url, headers }: Client, { taskId }: World): Promise<unknown> => {
  const there = async (): Promise<boolean> =>
    JSON.stringify((await call('GET', `${url}/tasks/${taskId}`, { headers })).body).includes('a note of the owner');
  return until(there, { what: 'the artifact of the task' });
};

async function beginningOf(response: Response, marker: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (/^data: .*\n\n/m.test(text) && text.includes(marker)) break;
  }
  return text;
}

function frameIn(text: string): unknown {
  const data = /^data: (\{.*)$/m.exec(text)?.[1];
  return data === undefined ? undefined : (JSON.parse(data) as unknown);
}

/** A session with a task that works, a key, and a webhook that was told of the task. */
export async function newWorld({ url, headers }: Client): Promise<World> {
  const make = async (path: string, body: unknown): Promise<string> => {
    const answer = await call('POST', `${url}${path}`, { headers, body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return textAt(answer.body, 'id');
  };
  const sessionId = await make('/sessions', { title: 'a secret of the owner' });
  const keyId = await make('/keys', { owner: 'ada', scopes: ['read'] });
  const memoryId = await make('/memories', { agent: 'test/waiting', text: `The secret of the owner is ${sessionId}.` });
  const webhookId = await make('/webhooks', { url: HOOK, sessionIds: [sessionId] });
  const taskId = await make('/agents/test/waiting/tasks', { message: 'wait', sessionId });
  await watch(url, headers, taskId);
  const deliveryId = await until(
    async () => {
      const { body } = await call('GET', `${url}/webhooks/deliveries?endpoint=${webhookId}`, { headers });
      return textAt(body, 'deliveries', 0, 'id') || false;
    },
    { what: 'the delivery to be recorded' },
  );
  const fileId = await uploaded(url, headers, sessionId, '?1');
  const uploadId = await uploaded(url, headers, sessionId, '?0');
  return { taskId, sessionId, fileId, uploadId, keyId, memoryId, webhookId, deliveryId };
}

async function uploaded(url: string, headers: Client['headers'], sessionId: string, complete: string): Promise<string> {
  const response = await fetch(`${url}/files?sessionId=${sessionId}`, {
    method: 'POST',
    headers: { ...headers, 'upload-complete': complete },
    body: 'a secret file of the owner',
  });
  if (response.status !== 201) throw new Error(`no upload: ${response.status} ${await response.text()}`);
  return textAt(await response.json(), 'id');
}

async function watch(url: string, headers: Client['headers'], taskId: string): Promise<void> {
  const { status, body } = await call('POST', `${url}/agents/test/waiting/tasks/${taskId}/pushNotificationConfigs`, {
    headers: { ...headers, 'a2a-version': '1.0' },
    body: { id: 'watch', url: HOOK },
  });
  if (status !== 201) throw new Error(`no push config: ${status} ${JSON.stringify(body)}`);
}

function isLines(response: Response): boolean {
  return response.headers.get('content-type') === 'application/x-ndjson';
}
