/** Tasks that wait for people: answers that must fit a schema, several at once, questions that expire. */
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { saidBy } from '../support/answers.js';
import { answerIn, connect, send, stateOf } from '../support/a2a-client.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call } from '../support/http-calls.js';
import type { ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, refusalOf, startOne, startTwo } from '../support/two-instances.js';

const INPUT = 'urn:continuo:a2a:input:v1';
let a: ServerProcess;
let b: ServerProcess;

beforeAll(async () => {
  [a, b] = await startTwo();
});

const eventsOf = async (id: string) => allFramesOf(await fetch(`${a.url}/tasks/${id}/events`));

describe('an answer that must fit a schema', () => {
  it('is refused by the place where it is wrong, and the task goes on waiting', async () => {
    const id = await begin(a.url, 'refund');
    const asking = await inState(a.url, id, 'INPUT_REQUIRED');
    expect(at(asking, 'status', 'message', 'metadata', INPUT, 'schema')).toMatchObject({
      type: 'object',
      required: ['amount', 'currency', 'at'],
    });
    const good = { amount: 40, currency: 'EUR', at: '2026-02-03T04:05:06Z' };
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ ...good, amount: '40' }, 'message.parts[0].data.amount'],
      [{ ...good, amount: -1 }, 'message.parts[0].data.amount'],
      [{ ...good, at: 'yesterday' }, 'message.parts[0].data.at'],
      [{ amount: 40, at: good.at }, 'message.parts[0].data.currency'],
      ['forty', 'message.parts'],
    ];
    for (const [content, field] of wrong) {
      const refused = await answer(b.url, 'refund', id, content);
      expect(refusalOf(refused)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
    }
    expect(await inState(b.url, id, 'INPUT_REQUIRED')).toEqual(asking);
    const done = await answer(b.url, 'refund', id, good);
    expect(saidBy(done.body)).toBe('40 EUR in 2026');
  });

  it('may be text where the schema takes text, and is refused to the official client alike', async () => {
    const client = await connect(a.url, 'test/colour');
    const { id, contextId } = await send(client, 'go');
    await expect(send(client, 'blue', { taskId: id, contextId })).rejects.toThrow(/message\.parts.*"red","green"/s);
    const task = await send(client, 'green', { taskId: id, contextId });
    expect([stateOf(task), answerIn(task)]).toEqual(['COMPLETED', 'You like green.']);
  });

  it('is asked for again when it breaks a rule that no JSON Schema can tell', async () => {
    const id = await begin(a.url, 'even');
    await inState(a.url, id, 'INPUT_REQUIRED');
    const again = await answer(b.url, 'even', id, 3);
    expect(at(again.body, 'status', 'state')).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(JSON.stringify(at(again.body, 'status', 'message', 'parts'))).toContain('an even number, please');
    expect(saidBy((await answer(b.url, 'even', id, 4)).body)).toBe('Even: 4');
  });
});

describe('an answer that names its question', () => {
  it('is taken for that question alone, and once however often it is sent', async () => {
    const id = await begin(a.url, 'twice');
    const questionOf = (task: unknown) => at(task, 'status', 'message', 'messageId');
    const tell = (message: object, question: unknown) =>
      call('POST', `${b.url}/agents/test/twice/tasks`, {
        body: { message: { taskId: id, ...message }, question, wait: true },
      });
    const first = questionOf(await inState(a.url, id, 'INPUT_REQUIRED'));
    const yes = { messageId: 'answer-1', parts: [{ text: 'one' }] };
    const second = questionOf((await tell(yes, first)).body);
    expect(second).not.toBe(first);

    const late = await tell({ parts: [{ text: 'late' }] }, first);
    expect(refusalOf(late)).toMatchObject({ http: 409, reason: 'TASK_GENERATION_MISMATCH' });
    expect((await tell(yes, first)).status).toBe(200);
    expect(questionOf(await inState(a.url, id, 'INPUT_REQUIRED'))).toBe(second);

    expect(saidBy((await tell({ parts: [{ text: 'two' }] }, second)).body)).toBe('one, two');
  });
});

describe('several answers at once', () => {
  it('one is taken, the others are refused, whichever instance they reach', async () => {
    const id = await begin(a.url, 'asks');
    await inState(a.url, id, 'INPUT_REQUIRED');
    const words = Array.from({ length: 8 }, (_, n) => `word-${n}`);
    const answers = await Promise.all(words.map((word, n) => answer(n % 2 === 0 ? a.url : b.url, 'asks', id, word)));
    const taken = words.filter((_, n) => answers[n]?.status === 200);
    const refused = answers.filter(({ status }) => status !== 200).map(refusalOf);
    // Whoever comes when the task works already reaches its inbox, as every message to a working task does.
    expect(taken.length).toBeGreaterThanOrEqual(1);
    for (const refusal of refused) expect(refusal).toMatchObject({ http: 400, reason: 'UNSUPPORTED_OPERATION' });
    const task = await inState(a.url, id, 'COMPLETED');
    expect(taken.map((word) => `You said ${word}.`)).toContain(saidBy(task));
    const ids = (await eventsOf(id)).map((frame) => frame.id);
    expect(ids).toEqual(ids.map((_, n) => n + 1));
  });
});

describe('a question that expires', () => {
  it('is answered with the default, once, and tells until when it is open', async () => {
    const id = await begin(a.url, 'impatient', { timeoutMs: 300, default: 'nothing' });
    const task = await inState(b.url, id, 'COMPLETED');
    expect(saidBy(task)).toBe('Nobody said nothing');
    const frames = await eventsOf(id);
    const asked = frames.find(
      ({ data }) => at(data, 'statusUpdate', 'status', 'state') === 'TASK_STATE_INPUT_REQUIRED',
    );
    expect(at(asked?.data, 'statusUpdate', 'status', 'message', 'metadata', INPUT, 'expiresAt')).toMatch(/^\d{4}-/);
    expect(frames.filter(({ data }) => at(data, 'statusUpdate', 'metadata', INPUT, 'timedOut') === true)).toHaveLength(
      1,
    );
    expect(refusalOf(await answer(a.url, 'impatient', id, 'late'))).toMatchObject({ reason: 'UNSUPPORTED_OPERATION' });
  });

  it('fails the task without a default', async () => {
    const id = await begin(a.url, 'impatient', { timeoutMs: 200 });
    expect(saidBy(await inState(a.url, id, 'FAILED'))).toBe('Nobody answered within 200 ms.');
  });

  it('does not expire once it was answered', async () => {
    const id = await begin(a.url, 'impatient', { timeoutMs: 3_600_000, default: 'nothing' });
    await inState(a.url, id, 'INPUT_REQUIRED');
    expect(saidBy((await answer(b.url, 'impatient', id, 'hello')).body)).toBe('Somebody said hello');
  });

  it('expires also when nobody was there at that time', async () => {
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => begin(a.url, 'impatient', { timeoutMs: 1_000, default: 'nothing' })),
    );
    for (const id of ids) await inState(a.url, id, 'INPUT_REQUIRED');
    const { env } = a;
    await Promise.all([a.kill('SIGKILL'), b.kill('SIGKILL')]);
    [a, b] = await forThisFile(() => Promise.all([startOne(env), startOne({ ...env, PORT: new URL(b.url).port })]));
    for (const id of ids) expect(saidBy(await inState(b.url, id, 'COMPLETED'))).toBe('Nobody said nothing');
  });
});

describe('asking for credentials', () => {
  it('shows as AUTH_REQUIRED, and goes on with the answer', async () => {
    const id = await begin(a.url, 'signs-in');
    await inState(b.url, id, 'AUTH_REQUIRED');
    expect(saidBy((await answer(b.url, 'signs-in', id, 'Ada')).body)).toBe('Signed in as Ada.');
    const { body } = await call('GET', `${a.url}/tasks?state=AUTH_REQUIRED`);
    expect(body).toMatchObject({ totalSize: 0 });
  });
});

describe('what grandchildren ask', () => {
  it('is asked and answered at the root, also when every server is killed before each answer', async () => {
    const id = await begin(a.url, 'asks-through');
    const answers = new Map<string, unknown>([
      ['Which colour?', 'green'],
      ['An even number?', 12],
    ]);
    for (const _ of [1, 2]) {
      const question = saidBy(await inState(b.url, id, 'INPUT_REQUIRED'));
      const { env } = a;
      await Promise.all([a.kill('SIGKILL'), b.kill('SIGKILL')]);
      [a, b] = await forThisFile(() => Promise.all([startOne(env), startOne({ ...env, PORT: new URL(b.url).port })]));
      await answer(b.url, 'asks-through', id, answers.get(question));
      answers.delete(question);
    }
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('You like green. Even: 12');
    const { body } = await call('GET', `${a.url}/tasks?rootTaskId=${id}`);
    expect(body).toMatchObject({ totalSize: 4 });
  });
});
