/** Requests to the plain API that are right and look odd, or look right and are not. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  A2AAgent,
  A2AAgentBaseService,
  FunctionAgentBaseService,
  type AgentAnswer,
  type TaskContext,
} from '../../src/index.js';
import { startNestServer } from '../support/nest-server.js';
import { at, call, textAt } from '../support/http-calls.js';

const LONG_NAME = `${'a'.repeat(199)}😀.md`;

@A2AAgent({ type: 'test', name: 'named', description: 'Publishes what has a long name.' })
class Named extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await task.artifact({ artifactId: 'named', name: LONG_NAME, parts: 'x' });
    await task.artifact({ artifactId: 'file', parts: [{ raw: 'eA==', filename: `${'b'.repeat(199)}\ud83d` }] });
  }
}

@A2AAgent({ type: 'test', name: 'asks', description: 'Asks, and says what it was told.' })
class Asks extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const [raw] = task.parts.flatMap((part) => (part.raw === undefined ? [] : [`${part.raw} ${part.mediaType}`]));
    return raw ?? (await task.requestInput('Go on?')).text;
  }
}

@A2AAgent({ type: 'test', name: 'silent', description: 'Does something, and gives nothing.' })
class Silent extends FunctionAgentBaseService<unknown, void> {
  protected readonly input = z.unknown();
  protected readonly output = z.void();

  protected override run(): void {}
}

@A2AAgent({ type: 'test', name: 'maybe', description: 'Takes a number, or null.' })
class Maybe extends FunctionAgentBaseService<number | null, string> {
  protected readonly input = z.number().nullable();
  protected readonly output = z.string();

  protected override run(input: number | null): string {
    return `It is ${input}.`;
  }
}

let url: string;

beforeAll(async () => {
  ({ url } = await startNestServer([Named, Asks, Silent, Maybe], {}));
});

const send = (agent: string, body: object, headers = {}) =>
  call('POST', `${url}/agents/test/${agent}/tasks`, { body: { wait: true, ...body }, headers });
const refused = ({ status, body }: { readonly status: number; readonly body: unknown }) => [
  status,
  at(body, 'error', 'details', 0, 'metadata', 'field'),
];

describe('a message', () => {
  it('may be written as ProtoJSON has it, as over A2A', async () => {
    const contextId = randomUUID();
    const asked = await send('asks', { message: { context_id: contextId, role: 1, parts: [{ text: 'begin' }] } });
    expect(asked.body).toMatchObject({ contextId, status: { state: 'TASK_STATE_INPUT_REQUIRED' } });
    const answered = await send('asks', { message: { task_id: textAt(asked.body, 'id'), parts: [{ text: 'yes' }] } });
    expect(answered.body).toMatchObject({ id: textAt(asked.body, 'id'), status: { state: 'TASK_STATE_COMPLETED' } });
    const file = await send('asks', { message: { parts: [{ raw: '-__-Pg', media_type: 'text/x' }] } });
    expect(JSON.stringify(at(file.body, 'artifacts'))).toContain('+//+Pg== text/x');
    const both = await send('asks', { message: { task_id: 'a', taskId: 'b', parts: [{ text: 'yes' }] } });
    expect(refused(both)).toEqual([400, 'message.taskId']);
  });
});

describe('a file with a long name', () => {
  it('is saved under what fits of it', async () => {
    const { body } = await send('named', { message: 'go' });
    const dispositions = await Promise.all(
      ['named', 'file'].map(async (artifact) => {
        const response = await fetch(`${url}/tasks/${textAt(body, 'id')}/artifacts/${artifact}`);
        return [response.status, response.headers.get('content-disposition')];
      }),
    );
    expect(dispositions[0]).toEqual([200, `attachment; filename=${'a'.repeat(199)}`]);
    expect(dispositions[1]?.[0]).toBe(200);
  });
});

describe('usage', () => {
  it.each([
    ['from=0000-01-01&to=0000-01-31', 'from'],
    ['to=0000-12-31', 'to'],
    ['from=2026-13-01', 'from'],
  ])('%s names no days', async (query, field) => {
    expect(refused(await call('GET', `${url}/usage?${query}`))).toEqual([400, field]);
  });

  it.each(['to=0001-01-01', 'from=9999-12-31&to=9999-12-31'])('%s does', async (query) => {
    expect((await call('GET', `${url}/usage?${query}`)).status).toBe(200);
  });
});

describe('a key for one request', () => {
  it('is refused for another budget, and for an answer to another question', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await send('asks', { message: 'begin', maxTokens: 1_000 }, key);
    expect(first.status).toBe(201);
    expect((await send('asks', { message: 'begin', maxTokens: 1_000 }, key)).status).toBe(200);
    expect(refused(await send('asks', { message: 'begin', maxTokens: 5 }, key))).toEqual([400, 'Idempotency-Key']);
    expect(refused(await send('asks', { message: 'begin', maxTokens: 1_000, maxCost: 1 }, key))).toEqual([
      400,
      'Idempotency-Key',
    ]);
    const answer = { taskId: textAt(first.body, 'id'), messageId: randomUUID(), parts: [{ text: 'yes' }] };
    const question = textAt(first.body, 'status', 'message', 'messageId');
    const other = { 'idempotency-key': randomUUID() };
    expect((await send('asks', { message: answer, question }, other)).status).toBe(200);
    expect(refused(await send('asks', { message: answer, question: 'another' }, other))).toEqual([
      400,
      'Idempotency-Key',
    ]);
  });
});

describe('a function', () => {
  it('may give nothing', async () => {
    const { body } = await send('silent', { message: 'go' });
    expect(body).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
    expect(at(body, 'artifacts') ?? []).toEqual([]);
  });

  it('takes null where that is data', async () => {
    const { body } = await send('maybe', { message: { parts: [{ data: null }] } });
    expect(textAt(body, 'artifacts', 0, 'parts', 0, 'text')).toBe('It is null.');
  });
});

describe('what is refused', () => {
  it('comes as what was asked for: the list of tasks is that of A2A for who says its version', async () => {
    const list = `${url}/agents/nobody/here/tasks`;
    const types = await Promise.all(
      [fetch(list), fetch(list, { headers: { 'a2a-version': '1.0' } }), fetch(`${list}?A2A-Version=1.0`)].map(
        async (asked) => {
          const { status, headers } = await asked;
          return [status, headers.get('content-type')?.split(';')[0]];
        },
      ),
    );
    expect(types).toEqual([
      [404, 'application/json'],
      [404, 'application/a2a+json'],
      [404, 'application/a2a+json'],
    ]);
  });
});
