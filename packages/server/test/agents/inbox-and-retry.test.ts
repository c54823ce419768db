/** Messages to a task that is tried again: each is given once, whichever of them a retry has forgotten the taking of. */
import { beforeAll, expect, it } from 'vitest';
import { TerminalError, type TaskContext } from '../../src/index.js';
import { call, textAt } from '../support/http-calls.js';
import { begin, startTroubled, stateOf } from '../support/troubled-agent.js';
import { inState } from '../support/two-instances.js';

let url: string;

beforeAll(async () => {
  url = await startTroubled();
});

const say = (taskId: string, text: string): Promise<unknown> =>
  call('POST', `${url}/agents/test/troubled/tasks`, { body: { message: { taskId, parts: [{ text }] } } });

const next = async (task: TaskContext): Promise<string | undefined> => (await task.inbox.wait())?.text;
const listen = (task: TaskContext): Promise<string | undefined> => task.branch('listener', () => next(task));

/** How the rest is read that nobody has been given. */
const ways: readonly (readonly [string, (task: TaskContext) => Promise<readonly unknown[]>])[] = [
  ['all at once', async (task) => (await task.inbox.take()).map(({ text }) => text)],
  ['one by one', async (task) => [await next(task), await next(task), await next(task), await next(task)]],
];

it.each(ways)('what is read %s is none twice, and none too few', async (_, rest) => {
  let attempts = 0;
  const seen: unknown[] = [];
  const failed = await begin(async (task) => {
    attempts += 1;
    if (attempts === 1) for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) await say(task.id, text);
    const pay = (): string => {
      if (attempts === 1) throw new TerminalError('declined');
      return 'paid';
    };
    try {
      await task.step('pay', pay);
    } catch (error) {
      // The new attempt does none of this; the branch is beside it.
      seen.push(await next(task), await listen(task), await next(task), await listen(task));
      throw error;
    }
    seen.push(await listen(task), await listen(task), ...(await rest(task)));
  });
  expect([stateOf(failed), seen]).toEqual(['FAILED', ['one', 'two', 'three', 'four']]);
  seen.length = 0;
  const id = textAt(failed, 'id');
  await call('POST', `${url}/tasks/${id}:retry`);
  await inState(url, id, 'INPUT_REQUIRED');
  expect(seen).toEqual(['two', 'four', 'one', 'three', 'five', 'six']);
});
