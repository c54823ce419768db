/** Another attempt of a task that has failed or was cancelled: what is kept, what is done again, what its log shows. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { saidBy } from '../support/answers.js';
import { ResumingReader, type EventFrame } from '../support/event-stream.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import type { ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { answer, begin, inState, refusalOf, startOne, startTwo } from '../support/two-instances.js';
import { until } from '../support/until.js';

const PROGRESS = 'urn:continuo:a2a:progress:v1';
let a: ServerProcess;
let b: ServerProcess;
let directory: string;
let files = 0;

beforeAll(async () => {
  [a, b] = await startTwo();
  directory = await makeTestDirectory('attempts');
});

/** Where the agents of one test note what they do. */
function newFile(): string {
  files += 1;
  return join(directory, `notes-${files}`);
}

const notesOf = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8')).trimEnd().split('\n');
const mend = (file: string): Promise<void> => writeFile(`${file}.mended`, 'yes');
const retry = (url: string, id: string, body?: unknown): Promise<Answer> =>
  call('POST', `${url}/tasks/${id}:retry`, { body });

const stateOf = ({ data }: EventFrame): string => textAt(data, 'statusUpdate', 'status', 'state').slice(11);
const names = (task: unknown): readonly unknown[] =>
  (at(task, 'artifacts') as readonly unknown[]).map((artifact) => at(artifact, 'name'));

describe('a retry from the failed step', () => {
  it('keeps the steps before, and goes on in the same log for whoever follows it', async () => {
    const file = newFile();
    const id = await begin(a.url, 'fails', { file });
    const reader = new ResumingReader(`${b.url}/tasks/${id}/events`);
    expect(await reader.read()).toBe('ended');
    const failed = await inState(a.url, id, 'FAILED');
    expect([saidBy(failed), names(failed)]).toEqual(['Three is broken.', ['draft', 'report']]);
    expect(at(failed, 'metadata', 'urn:continuo:a2a:error:v1')).toEqual({
      name: 'TerminalError',
      message: 'Three is broken.',
      causes: [],
    });

    await mend(file);
    const before = reader.frames.length;
    const begun = await retry(b.url, id);
    expect(begun.status).toBe(200);
    expect(begun.body).not.toHaveProperty(['metadata', 'urn:continuo:a2a:error:v1']);
    expect(await reader.read()).toBe('ended');
    const task = await inState(a.url, id, 'COMPLETED');
    expect([saidBy(task), at(task, 'metadata', PROGRESS, 'attempt')]).toEqual(['Done with four.', 2]);
    // What was published on the way to the failure is there, and what the new attempt publishes in its place as well.
    expect(names(task)).toContain('draft');
    expect(names(task)).toContain('result');
    expect(await notesOf(file)).toEqual(['one', 'two', 'three', 'three', 'four']);

    expect(reader.ids).toEqual(reader.ids.map((_, n) => n + 1));
    const anew = reader.frames[before];
    expect(at(anew?.data, 'statusUpdate', 'metadata', PROGRESS)).toEqual({ fraction: 0.5, stage: '', attempt: 2 });
    expect(reader.frames.map(stateOf).filter((state) => ['FAILED', 'COMPLETED'].includes(state))).toEqual([
      'FAILED',
      'COMPLETED',
    ]);
    const all = new ResumingReader(`${a.url}/tasks/${id}/events`);
    await all.read();
    expect(all.frames).toEqual(reader.frames);
  });

  it('may fail again, and be retried again', async () => {
    const file = newFile();
    const id = await begin(a.url, 'fails', { file });
    await inState(a.url, id, 'FAILED');
    await retry(a.url, id);
    const again = await until(
      async () => {
        const task = await inState(b.url, id, 'FAILED');
        return at(task, 'metadata', PROGRESS, 'attempt') === 2 && task;
      },
      { what: 'the second attempt to fail' },
    );
    expect(saidBy(again)).toBe('Three is broken.');
    await mend(file);
    await retry(b.url, id);
    expect(at(await inState(a.url, id, 'COMPLETED'), 'metadata', PROGRESS, 'attempt')).toBe(3);
    expect(await notesOf(file)).toEqual(['one', 'two', 'three', 'three', 'three', 'four']);
  });

  it('runs the code between the steps again when no step has failed', async () => {
    const file = newFile();
    const id = await begin(a.url, 'throws-between', { file });
    await inState(a.url, id, 'FAILED');
    await mend(file);
    await retry(b.url, id);
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('Both done.');
    expect(await notesOf(file)).toEqual(['one', 'two']);
  });

  it('begins at the beginning where there is no step', async () => {
    const file = newFile();
    const id = await begin(a.url, 'stepless', { file });
    await inState(a.url, id, 'FAILED');
    await mend(file);
    await retry(b.url, id);
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('Done without steps.');
  });

  it('keeps the answers that people gave', async () => {
    const file = newFile();
    const id = await begin(a.url, 'asks-and-fails', { file });
    await inState(a.url, id, 'INPUT_REQUIRED');
    await answer(b.url, 'asks-and-fails', id, 'Ada');
    await inState(a.url, id, 'FAILED');
    await mend(file);
    await retry(b.url, id);
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('Hello Ada');
    expect(await notesOf(file)).toEqual(['one']);
  });

  it('asks again what a cancelled task had asked', async () => {
    const file = newFile();
    await mend(file);
    const id = await begin(a.url, 'asks-and-fails', { file });
    await inState(a.url, id, 'INPUT_REQUIRED');
    await call('POST', `${b.url}/tasks/${id}:cancel`);
    await retry(b.url, id);
    await inState(a.url, id, 'INPUT_REQUIRED');
    expect(saidBy((await answer(a.url, 'asks-and-fails', id, 'Grace')).body)).toBe('Hello Grace');
    expect(await notesOf(file)).toEqual(['one']);
  });

  it.each(['expires', 'calls-expires'])('asks again what nobody had answered in time: %s', async (agent) => {
    const file = newFile();
    const id = await begin(a.url, agent, { file });
    expect(saidBy(await inState(a.url, id, 'FAILED'))).toMatch(/Nobody has paid[.]$/);
    expect((await retry(b.url, id)).status).toBe(200);
    await until(async () => (await notesOf(file)).length === 3, { what: 'the second attempt to expire, too' });
    await inState(a.url, id, 'FAILED');
    await mend(file);
    expect((await retry(b.url, id)).status).toBe(200);
    await inState(b.url, id, 'INPUT_REQUIRED');
    await answer(a.url, agent, id, 'yes');
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('Paid: yes');
    expect(await notesOf(file)).toEqual(['reserve', 'undo', 'undo']);
  });

  it('runs the step again that a cancel had broken off', async () => {
    const file = newFile();
    const id = await begin(a.url, 'steps-slowly', { file });
    await until(async () => (await notesOf(file)).includes('two'), { what: 'the second step to begin' });
    await call('POST', `${b.url}/tasks/${id}:cancel`);
    expect((await retry(b.url, id)).status).toBe(200);
    await until(async () => (await notesOf(file)).length === 3, { what: 'the second step to begin again' });
    await mend(file);
    expect(saidBy(await inState(b.url, id, 'COMPLETED'))).toBe('Slow, but done.');
    expect(await notesOf(file)).toEqual(['one', 'two', 'two']);
  });

  it('retries the child that made it fail, and finds the one that did not', async () => {
    const file = newFile();
    const id = await begin(a.url, 'parent', { file });
    expect(saidBy(await inState(a.url, id, 'FAILED'))).toBe('test/child failed: The bad child is broken.');
    await mend(file);
    await retry(b.url, id);
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('good done. bad done.');
    expect(await notesOf(file)).toEqual(['good', 'bad', 'bad']);
    expect((await call('GET', `${a.url}/tasks?parentTaskId=${id}`)).body).toMatchObject({ totalSize: 2 });
  });

  it.each([
    ['undoes', ['reserve', 'charge', 'undo', 'tidy', 'charge', 'undo', 'tidy', 'charge', 'ship', 'tidy']],
    [
      'undoes-branches',
      [
        'pack',
        'print',
        'charge',
        'send',
        'report rejected',
        'charge',
        'report rejected',
        'charge',
        'ship',
        'report fulfilled',
      ],
    ],
    ['undoes-calls', ['bad', 'undo', 'bad', 'undo', 'bad', 'ship']],
  ])('does anew what the code did because of the failure, and nothing else: %s', async (agent, noted) => {
    const file = newFile();
    const id = await begin(a.url, agent, { file });
    await inState(a.url, id, 'FAILED');
    expect((await retry(b.url, id)).status).toBe(200);
    await inState(b.url, id, 'FAILED');
    await mend(file);
    expect((await retry(a.url, id)).status).toBe(200);
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('Shipped.');
    const sorted = (lines: readonly string[]): readonly string[] => lines.toSorted();
    expect(sorted(await notesOf(file))).toEqual(sorted(noted));
  });

  it('goes on after every instance was killed the moment that it was asked for', async () => {
    const file = newFile();
    const id = await begin(a.url, 'fails', { file });
    await inState(a.url, id, 'FAILED');
    await mend(file);
    const { env } = b;
    await b.kill('SIGKILL');
    // Dies when the new attempt is stored and has not begun.
    b = await startOne({ ...env, CONTINUO_CRASH_AT: 'task-retried:1' });
    await expect(retry(b.url, id)).rejects.toThrow('fetch failed');
    await b.exited;
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('Done with four.');
    expect(await notesOf(file)).toEqual(['one', 'two', 'three', 'three', 'four']);
    b = await forThisFile(() => startOne(env));
  });
});

const draftOf = (task: unknown): unknown =>
  (at(task, 'artifacts') as readonly unknown[]).find((artifact) => at(artifact, 'name') === 'draft');

describe('a retry from the start', () => {
  it('does everything again, in the same log and with the same artifacts', async () => {
    const file = newFile();
    const id = await begin(a.url, 'fails', { file });
    const failed = await inState(a.url, id, 'FAILED');
    await mend(file);
    await retry(b.url, id, { from: 'start' });
    const task = await inState(a.url, id, 'COMPLETED');
    expect(await notesOf(file)).toEqual(['one', 'two', 'three', 'one', 'two', 'three', 'four']);
    const [before, after] = [draftOf(failed), draftOf(task)];
    expect(at(after, 'artifactId')).toBe(textAt(before, 'artifactId'));
    expect(at(after, 'parts')).not.toEqual(at(before, 'parts'));
    const reader = new ResumingReader(`${a.url}/tasks/${id}/events`);
    await reader.read();
    expect(reader.ids).toEqual(reader.ids.map((_, n) => n + 1));
  });

  it('makes its children anew', async () => {
    const file = newFile();
    const id = await begin(a.url, 'parent', { file });
    await inState(a.url, id, 'FAILED');
    await mend(file);
    await retry(b.url, id, { from: 'start' });
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('good done. bad done.');
    expect(await notesOf(file)).toEqual(['good', 'bad', 'good', 'bad']);
  });
});

describe('a retry is refused', () => {
  it('of a task that has neither failed nor been cancelled, naming its state', async () => {
    const id = await begin(a.url, 'asks');
    await inState(a.url, id, 'INPUT_REQUIRED');
    const refused = await retry(b.url, id);
    expect(refusalOf(refused)).toMatchObject({ http: 400, reason: 'UNSUPPORTED_OPERATION' });
    expect(textAt(refused.body, 'error', 'message')).toContain('INPUT_REQUIRED');
    await answer(a.url, 'asks', id, 'hi');
    expect(textAt((await retry(b.url, id)).body, 'error', 'message')).toContain('COMPLETED');
  });

  it('with a body that says nonsense, and of no task', async () => {
    const id = await begin(a.url, 'stepless', { file: newFile() });
    expect(refusalOf(await retry(a.url, id, { from: 'middle' }))).toMatchObject({ http: 400, field: 'from' });
    const nowhere = await retry(a.url, '00000000-0000-7000-8000-000000000000');
    expect(refusalOf(nowhere)).toMatchObject({ http: 404, reason: 'TASK_NOT_FOUND' });
  });

  it('when another one is faster', async () => {
    const file = newFile();
    const id = await begin(a.url, 'fails', { file });
    await inState(a.url, id, 'FAILED');
    await mend(file);
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => retry(n % 2 === 0 ? a.url : b.url, id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const refused of answers.filter(({ status }) => status !== 200)) {
      expect(refusalOf(refused)).toMatchObject({ http: 400, reason: 'UNSUPPORTED_OPERATION' });
    }
    expect(at(await inState(a.url, id, 'COMPLETED'), 'metadata', PROGRESS, 'attempt')).toBe(2);
    expect(await notesOf(file)).toEqual(['one', 'two', 'three', 'three', 'four']);
  });
});
