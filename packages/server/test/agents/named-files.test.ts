/** Files of this server in messages: agents and models read them, remote agents get them, and what isn't there is refused. */
import { randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { ExternalA2AAgentBaseService } from '../../src/agents/external-a2a-agent-base.service.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import { startRemoteA2AAgent } from '../support/remote-a2a-agent.js';

const remote = await startRemoteA2AAgent();

@A2AAgent({ type: 'test', name: 'reader', description: 'Reads what it is given.' })
class ReaderAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const told: unknown[] = [];
    for (const part of task.parts.slice(1)) {
      const { name, mediaType, size, stream } = await task.openFile(part);
      let sum = 0;
      for await (const chunk of stream()) sum += chunk.reduce((before, byte) => before + byte, 0);
      const inside = await text(stream({ start: 1, end: 4 }));
      const whole = await task.readFile(part).then(
        (content) => content.length,
        (error: Error) => error.message,
      );
      told.push({ name, mediaType, size, sum, inside, whole });
    }
    return JSON.stringify(told);
  }
}

@A2AAgent({ type: 'test', name: 'elsewhere', description: 'Stands for another one.' })
class Elsewhere extends ExternalA2AAgentBaseService {
  protected override readonly cardUrl = remote.cardUrl;
}

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer([ReaderAgent, Elsewhere, AssistantAgent]);
});

interface File {
  readonly id: string;
  readonly url: string;
  readonly sessionId: string;
}

async function upload(content: Buffer | string, name: string, mediaType: string, sessionId?: string): Promise<File> {
  const query = new URLSearchParams({ name, ...(sessionId === undefined ? {} : { sessionId }) }).toString();
  const response = await fetch(`${server.url}/files?${query}`, {
    method: 'POST',
    body: content,
    headers: { 'content-type': mediaType },
  });
  return (await response.json()) as File;
}

const naming = (...urls: readonly string[]) => ({
  role: 'ROLE_USER',
  messageId: randomUUID(),
  parts: [{ text: 'Look at this' }, ...urls.map((url) => ({ url }))],
});

async function rows(sql: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(server.databaseUrl);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

describe('an agent', () => {
  it('reads files as streams, named by their address or their path, and inline ones as well', async () => {
    const large = randomBytes(11 * 1024 ** 2);
    const [small, big] = await Promise.all([
      upload('0123456789', 'a.txt', 'text/plain'),
      upload(large, 'b.bin', 'application/x-thing'),
    ]);
    const message = naming(`/files/${small.id}`, big.url);
    const inline = { raw: Buffer.from('abcdef').toString('base64'), filename: 'c.txt', mediaType: 'text/css' };
    const task = await server.ask('test/reader', { ...message, parts: [...message.parts, inline] });
    expect(JSON.parse(answerOf(task))).toEqual([
      { name: 'a.txt', mediaType: 'text/plain', size: 10, sum: 525, inside: '123', whole: 10 },
      {
        name: 'b.bin',
        mediaType: 'application/x-thing',
        size: large.length,
        sum: large.reduce((before, byte) => before + byte, 0),
        inside: large.subarray(1, 4).toString(),
        whole: expect.stringContaining('maxBytes'),
      },
      { name: 'c.txt', mediaType: 'text/css', size: 6, sum: 597, inside: 'bcd', whole: 6 },
    ]);
  });

  it('is told that a link leads elsewhere', async () => {
    const task = await server.ask('test/reader', naming(`https://elsewhere.example/files/${randomUUID()}`));
    expect([task.status.state, answerOf(task)]).toEqual([
      'TASK_STATE_FAILED',
      expect.stringContaining('no file of this'),
    ]);
  });
});

describe('a model', () => {
  it('is shown files as if they had come inline, in later turns as well, and others by name', async () => {
    const picture = randomBytes(1000);
    const tale = await upload('Once upon a time', 'tale.txt', 'text/plain');
    const image = await upload(picture, 'a.png', 'image/png');
    const binary = await upload('...', 'b.zip', 'application/zip');
    const { contextId } = await server.ask('context/assistant', naming(tale.url, image.url, binary.url));
    const shown = (): string => JSON.stringify(server.lastPrompt());
    const expected = ['Once upon a time', picture.toString('base64'), 'File b.zip (application/zip)'];
    for (const content of expected) expect(shown()).toContain(content);
    await server.ask('context/assistant', 'And again?', contextId);
    for (const content of expected) expect(shown()).toContain(content);
    await call('DELETE', tale.url);
    await server.ask('context/assistant', 'And now?', contextId);
    expect(shown()).not.toContain('Once upon a time');
    expect(shown()).toContain(tale.url);
  });
});

describe('a remote agent', () => {
  it('gets the content, and of what is too large the name', async () => {
    const small = await upload('For you', 'letter.txt', 'text/plain');
    const large = await upload(randomBytes(8 * 1024 ** 2), 'film.bin', 'application/x-film');
    await server.ask('test/elsewhere', naming(small.url, large.url, `/files/${large.id}`));
    const parts = remote.messages.at(-1)?.parts.slice(1) ?? [];
    expect(parts.map(({ filename, mediaType, content }) => ({ filename, mediaType, content }))).toEqual([
      {
        filename: 'letter.txt',
        mediaType: 'text/plain',
        content: { $case: 'raw', value: Uint8Array.from(Buffer.from('For you')) },
      },
      { filename: 'film.bin', mediaType: 'application/x-film', content: { $case: 'url', value: large.url } },
      expect.objectContaining({ content: { $case: 'text', value: expect.stringContaining('film.bin') } }),
    ]);
  });
});

describe('a message', () => {
  const agent = (): string => `${server.url}/agents/test/reader`;
  const fieldOf = (body: unknown): unknown =>
    at(body, 'error', 'details', 0, 'metadata', 'field') ?? at(body, 'error', 'data', 0, 'metadata', 'field');

  it('that names what is no file of the caller is refused, and nothing is changed', async () => {
    const others = await upload('Secret', 'secret.txt', 'text/plain');
    await rows(`UPDATE files SET owner = 'somebody' WHERE id = $1`, [others.id]);
    const open = await call('POST', `${server.url}/files`, { body: '', headers: { 'upload-complete': '?0' } });
    const wrong = [
      others.url,
      `/files/${others.id}`,
      open.headers.get('location') ?? '',
      `${server.url}/files/${randomUUID()}`,
      `/files/${randomUUID()}`,
      '/files/none',
      `${server.url}/files/none`,
    ];
    const counted = `SELECT (SELECT count(*) FROM tasks) AS tasks, (SELECT count(*) FROM sessions) AS sessions,
      (SELECT count(*) FROM messages) AS messages`;
    const before = await rows(counted);
    for (const url of wrong) {
      const message = { ...naming('https://example.org/', url), contextId: randomUUID() };
      const rpc = await callRpc(agent(), 'SendMessage', { message });
      expect([url, at(rpc.body, 'error', 'code'), fieldOf(rpc.body)]).toEqual([url, -32602, 'message.parts[2].url']);
      const rest = await call('POST', `${agent()}/message:send`, {
        body: { message },
        headers: { 'a2a-version': '1.0' },
      });
      expect([url, rest.status, fieldOf(rest.body)]).toEqual([url, 400, 'message.parts[2].url']);
      const api = await call('POST', `${agent()}/tasks`, { body: { message } });
      expect([url, api.status, fieldOf(api.body)]).toEqual([url, 400, 'message.parts[2].url']);
    }
    expect(await rows(counted)).toEqual(before);
  });

  it('that was accepted is known again, also when its file has gone', async () => {
    const file = await upload('Brief', 'a.txt', 'text/plain');
    const message = { ...naming(file.url), contextId: randomUUID() };
    const first = await server.ask('test/reader', message);
    await call('DELETE', file.url);
    const again = await server.ask('test/reader', message);
    expect(again.id).toBe(first.id);
  });
});

describe('a file that a message names', () => {
  const erase = (sessionId: string) => call('DELETE', `${server.url}/sessions/${sessionId}`);
  const statusOf = async ({ url }: File): Promise<number> => (await fetch(url, { method: 'HEAD' })).status;

  it('lives with the session of the message when it was uploaded by itself', async () => {
    const file = await upload('Brief', 'a.txt', 'text/plain');
    const { contextId } = await server.ask('test/reader', naming(file.url));
    expect((await erase(file.sessionId)).status).toBe(204);
    expect(await statusOf(file)).toBe(200);
    expect(textAt((await call('GET', `${server.url}/files?sessionId=${contextId}`)).body, 'files', 0, 'id')).toBe(
      file.id,
    );
    await erase(contextId);
    expect(await statusOf(file)).toBe(404);
  });

  it('stays as long as one of the sessions that name it', async () => {
    const file = await upload('Brief', 'a.txt', 'text/plain');
    const first = await server.ask('test/reader', naming(file.url));
    const second = await server.ask('test/reader', naming(file.url));
    const third = await server.ask('test/reader', naming(file.url));
    await erase(second.contextId);
    expect(await statusOf(file)).toBe(200);
    await erase(first.contextId);
    expect(await statusOf(file)).toBe(200);
    await erase(third.contextId);
    expect(await statusOf(file)).toBe(404);
  });

  it('stays as long as a fork that names it, and no longer than that', async () => {
    const [early, late] = [await upload('One', 'a.txt', 'text/plain'), await upload('Two', 'b.txt', 'text/plain')];
    const { contextId } = await server.ask('test/reader', naming(early.url));
    const { body } = await call('GET', `${server.url}/sessions/${contextId}/messages`);
    await server.ask('test/reader', { ...naming(late.url), contextId });
    const messageId = textAt(body, 'messages', 1, 'message', 'messageId');
    const fork = await call('POST', `${server.url}/sessions/${contextId}:fork`, { body: { messageId } });
    const again = await call('POST', `${server.url}/sessions/${textAt(fork.body, 'id')}:fork`, { body: {} });
    await erase(contextId);
    expect([await statusOf(early), await statusOf(late)]).toEqual([200, 404]);
    await erase(textAt(fork.body, 'id'));
    expect(await statusOf(early)).toBe(200);
    await erase(textAt(again.body, 'id'));
    expect(await statusOf(early)).toBe(404);
  });
});
