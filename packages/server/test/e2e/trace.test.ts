/** What a task's trace shows, also of a task whose process was killed -9 and that went on elsewhere. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { nodeOf, outline, readTrace, type SeenTrace } from '../support/trace-reader.js';
import { answer, begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/trace-server.mjs', import.meta.url).pathname;
const PASSWORD = 'open-sesame-4711';

let openAi: OpenAiServer;
let directory: string;
let first: ServerProcess;
let second: ServerProcess;

beforeAll(async () => {
  openAi = await startOpenAiServer();
  directory = await makeTemporaryDirectory('trace');
  const { url } = await createTestDatabase();
  const env = {
    ...quick,
    // Nobody but who is killed may be taken for dead: runs are counted.
    CONTINUO_LEASE_MS: '10000',
    DATABASE_URL: url,
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
    CONTINUO_MODEL_API_KEY: PASSWORD,
    CONTINUO_TRACE_PROMPTS: 'true',
  };
  [first, second] = await Promise.all([startServer({ entry, env }), startServer({ entry, env })]);
});

const recorded = async (url: string, id: string, name: string): Promise<boolean> =>
  (await readTrace(url, id)).runs.some((run) => outline({ runs: [run] }).some((line) => line.includes(` ${name}: `)));

describe('a task that was killed in the middle, taken over, asked and answered', () => {
  let id: string;
  let working: SeenTrace;
  let trace: SeenTrace;

  beforeAll(async () => {
    openAi.next(
      { kind: 'calls', calls: [{ name: 'look_up', input: { order: 7 } }] },
      { kind: 'answer', words: ['It ', 'is ', 'paid.'] },
    );
    const file = join(directory, 'gate');
    id = await begin(first.url, 'traced', { file });
    await until(() => recorded(second.url, id, 'unsteady'), { what: 'the branches to be through' });
    await until(() => recorded(second.url, id, 'steady'), { what: 'the branches to be through' });
    working = await readTrace(second.url, id);
    await first.kill('SIGKILL');
    await writeFile(file, '');
    await inState(second.url, id, 'INPUT_REQUIRED');
    first = await startServer({ entry, env: first.env });
    await answer(first.url, 'traced', id, 'Yes.');
    await inState(second.url, id, 'COMPLETED');
    trace = await readTrace(first.url, id, '?depth=1');
  });

  it('shows while it works what its runs have done so far', () => {
    expect(outline(working)).toEqual([
      'run 1: null',
      '  step load: done',
      '  branch left: done',
      '    step unsteady: done',
      '  branch right: done',
      '    step steady: done',
    ]);
  });

  it('is the same read from both instances, run by run and node by node', async () => {
    expect(await readTrace(second.url, id, '?depth=1')).toEqual(trace);
    expect(outline(trace)).toEqual([
      'run 1: lost',
      '  step load: done',
      '  branch left: done',
      '    step unsteady: done',
      '  branch right: done',
      '    step steady: done',
      'run 2: asked',
      '  step gate: done',
      '  sleep sleep: done',
      '  call test/clerk: done',
      '  question refund: done',
      'run 3: COMPLETED',
    ]);
    expect(new Set(trace.runs.map(({ instance }) => instance)).size).toBe(3);
    for (const { startedAt, endedAt } of trace.runs)
      expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.parse(endedAt ?? ''));
  });

  it('shows what went in and what came out of each', () => {
    expect(nodeOf(trace, 'load')).toMatchObject({ input: { order: 7 }, result: { total: 40 }, attempts: 1, tries: [] });
    expect(nodeOf(trace, 'sleep')).toMatchObject({ input: { ms: 1 } });
    expect(nodeOf(trace, 'refund')).toMatchObject({ input: [{ text: 'Refund 40 EUR?' }], result: [{ text: 'Yes.' }] });
    const { startedAt, endedAt } = nodeOf(trace, 'refund');
    expect(Date.parse(endedAt ?? '')).toBeGreaterThan(Date.parse(startedAt ?? ''));
  });

  it('shows the attempts of a step that failed alike once, with their number, causes and own frames', () => {
    const { attempts, tries } = nodeOf(trace, 'unsteady');
    expect(attempts).toBe(3);
    expect(tries).toMatchObject([{ count: 2, error: { name: 'RangeError', message: 'Order 11 is "odd"' } }]);
    expect(tries[0]?.error.causes).toMatchObject([{ message: 'The shelf is empty.' }]);
    const { stack = [] } = tries[0]?.error ?? {};
    expect(stack[0]).toMatchObject({
      function: 'refuse',
      file: expect.stringMatching(/trace-server\.mjs$/),
      own: true,
    });
    expect(stack.filter(({ file }) => /packages\/(agent|server)\/dist/.test(file)).every(({ own }) => !own)).toBe(true);
  });

  it("shows the child with its own trace: calls of the model with tokens, prompt and end, and the tool's call", () => {
    const { child } = nodeOf(trace, 'test/clerk');
    expect(child).toMatchObject({ state: 'COMPLETED' });
    const below = child?.trace ?? { runs: [] };
    expect(outline(below).filter((line) => !line.includes('step begin'))).toEqual([
      'run 1: COMPLETED',
      expect.stringMatching(/^ {2}step .*: done$/),
      '    model openai-compatible/test-model: done',
      '  tool tool look_up: done',
      expect.stringMatching(/^ {2}step .*: done$/),
      '    model openai-compatible/test-model: done',
    ]);
    expect(nodeOf(below, 'tool look_up')).toMatchObject({ input: { order: 7 }, result: { output: 'It is paid.' } });
    const asked = nodeOf(below, 'openai-compatible/test-model');
    expect(asked.model).toMatchObject({ model: 'openai-compatible/test-model', finishReason: 'tool-calls' });
    expect(JSON.stringify(asked.model?.prompt)).toContain('You look things up.');
    expect(asked.usage?.['totalTokens']).toBeGreaterThan(0);
    expect(Date.parse(asked.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(asked.startedAt ?? ''));
  });

  it('names the child alone where nobody asks for more', async () => {
    expect(nodeOf(await readTrace(first.url, id), 'test/clerk').child?.trace).toBeNull();
  });
});

describe('a task that failed', () => {
  it('says why, with what the step threw', async () => {
    const id = await begin(first.url, 'hopeless', '12');
    await inState(first.url, id, 'FAILED');
    const { error, runs } = await readTrace(second.url, id);
    expect(error).toMatchObject({ name: 'RangeError', causes: [{ message: 'The shelf is empty.' }] });
    expect(error?.stack.find(({ own }) => own)).toMatchObject({ function: 'refuse' });
    expect(runs.at(-1)).toMatchObject({ ending: 'FAILED', error: { name: 'RangeError' } });
    expect(nodeOf({ runs }, 'doomed')).toMatchObject({ state: 'failed', attempts: 3, tries: [{ count: 3 }] });
  });

  it('shows after a retry what had failed, and what came then', async () => {
    const file = join(directory, 'mended');
    const id = await begin(first.url, 'mended', { file });
    await inState(first.url, id, 'FAILED');
    await writeFile(file, '');
    await call('POST', `${first.url}/tasks/${id}:retry`);
    await inState(first.url, id, 'COMPLETED');
    const trace = await readTrace(second.url, id);
    expect(outline(trace)).toEqual([
      'run 1: FAILED',
      '  step first: done',
      '  step second: failed',
      'run 2: COMPLETED',
      '  step second: done',
    ]);
    expect(trace.runs.map(({ attempt, error }) => [attempt, error?.message])).toEqual([
      [1, 'Not yet.'],
      [2, undefined],
    ]);
  });

  it('hides secrets, in its trace as in its steps', async () => {
    const secret = `https://ada:${PASSWORD}@example.com`;
    const id = await begin(first.url, 'tells-secrets', secret);
    await inState(first.url, id, 'FAILED');
    const answers = await Promise.all(
      ['trace', 'steps?results=true'].map((path) => call('GET', `${second.url}/tasks/${id}/${path}`)),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(PASSWORD);
      expect(JSON.stringify(body)).toContain('Could not reach https://ada:[hidden]@example.com');
    }
  });
});

describe('ten thousand steps', () => {
  const steps = 10_000;
  const MOST_BYTES = 4 * 1024 ** 2;
  let id: string;

  beforeAll(async () => {
    id = await begin(first.url, 'many', { steps, bytes: 1_000 });
    await inState(first.url, id, 'COMPLETED');
  });

  it.each([
    ['trace?pageSize=2000', (body: unknown) => (body as SeenTrace).runs.flatMap(({ nodes }) => nodes)],
    ['steps?results=true&pageSize=2000', (body: unknown) => at(body, 'steps') as readonly { name: string }[]],
  ])('come in pages of a few MiB, each step once: %s', async (path, stepsIn) => {
    const names: string[] = [];
    for (let token = ''; ;) {
      const { status, body } = await call('GET', `${second.url}/tasks/${id}/${path}&pageToken=${token}`);
      expect(status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MOST_BYTES);
      names.push(...stepsIn(body).map(({ name }) => name));
      token = String(at(body, 'nextPageToken'));
      if (token === '') break;
    }
    expect(names.length).toBe(steps);
    expect(new Set(names).size).toBe(steps);
  });

  it('cuts what is long, and says so', async () => {
    const large = await begin(first.url, 'many', { steps: 3, bytes: 200_000 });
    await inState(first.url, large, 'COMPLETED');
    const { body } = await call('GET', `${second.url}/tasks/${large}/steps?results=true`);
    const [step] = at(body, 'steps') as readonly { result: string; resultTruncated: boolean }[];
    expect(step?.resultTruncated).toBe(true);
    expect(Buffer.byteLength(step?.result ?? '')).toBeLessThanOrEqual(64 * 1024);
    expect(step?.result.endsWith('…')).toBe(true);
  });
});
