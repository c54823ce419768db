/** Attempts of steps that are over: what their code goes on to do takes nothing from the next attempt, and says nothing beside it. */
import 'reflect-metadata';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactStream, TaskContext } from '../../src/index.js';
import { at, call, textAt } from '../support/http-calls.js';
import { begin, both, startTroubled, stateOf, type Run } from '../support/troubled-agent.js';
import { until } from '../support/until.js';

let url: string;

beforeAll(async () => {
  url = await startTroubled();
});

const say = (taskId: string, text: string): Promise<unknown> =>
  call('POST', `${url}/agents/test/troubled/tasks`, { body: { message: { taskId, parts: [{ text }] } } });

type Work = (task: TaskContext) => Promise<unknown>;

/**
 * A step that does `first` in each attempt. The first one fails then, and does `late` while the second one is under way,
 * which does `work`.
 */
function leaving(late: Work, work: Work, first: Work = async () => undefined) {
  return async (task: TaskContext, { seen }: Run): Promise<void> => {
    let goOn: () => void = () => undefined;
    const second = new Promise<void>((resolve) => (goOn = resolve));
    let left: Promise<unknown> | undefined;
    const attempt = async (): Promise<unknown> => {
      await first(task);
      if (left === undefined) {
        left = second.then(() => late(task)).catch((error: Error) => error.message);
        throw new Error('not yet');
      }
      goOn();
      return [await left, await work(task)];
    };
    seen.push(await task.step('tried', attempt, { retryDelayMs: 1 }));
  };
}

const refused = 'Step "tried" has ended this attempt.';

describe('an attempt that has failed', () => {
  it.each<readonly [what: string, late: Work, work: Work, given: unknown]>([
    ['changes no state', ...twice((task) => task.session.state.update<number>('n', (n = 0) => n + 1)), 1],
    ['calls nobody', ...twice(async (task) => (await task.call('test/echoing', 'hello')).text), 'hello'],
    ['begins no step', (task) => task.step('part', () => 'late'), (task) => task.step('part', () => 'own'), 'own'],
    [
      'keeps nothing in mind',
      (task) => task.memory.add(`Late in ${task.id}`),
      async (task) => (await task.memory.search(task.id)).length,
      0,
    ],
  ])('%s any more', async (_what, late, work, given) => {
    const { first, second } = await both(leaving(late, work));
    expect(first).toEqual([[refused, given]]);
    expect(second).toEqual(first);
  });

  it('opens no second child', async () => {
    const [late, work] = twice(async (task) => (await task.call('test/echoing', 'hello')).text);
    const asked = await begin(leaving(late, work));
    const { body } = await call('GET', `${url}/tasks?parentTaskId=${textAt(asked, 'id')}`);
    expect([at(body, 'tasks', 0) !== undefined, at(body, 'tasks', 1)]).toEqual([true, undefined]);
  });

  it('adds nothing to what the next one publishes', async () => {
    const asked = await begin(async (task, run) => {
      const streams: ArtifactStream[] = [];
      const first: Work = async () => {
        streams.push(task.stream({ name: 'letter' }));
        await streams.at(-1)?.write('own');
      };
      await leaving(
        async () => streams[0]?.write(' late'),
        async () => streams[1]?.end(),
        first,
      )(task, run);
    });
    expect(at(asked, 'artifacts', 0, 'parts')).toEqual([{ text: 'own' }]);
  });

  it('takes no message from the next one', async () => {
    const { first, second } = await both(async (task, { seen }) => {
      let tries = 0;
      const read = async (): Promise<string | undefined> => {
        tries += 1;
        const next = task.inbox.wait();
        await task.progress(0.1 * tries);
        if (tries === 1) throw new Error('not yet');
        await say(task.id, 'hello');
        return (await next)?.text;
      };
      seen.push(await task.step('reads', read, { retryDelayMs: 1 }), await task.inbox.take());
    });
    expect(first).toEqual(['hello', []]);
    expect(second).toEqual(first);
  });
});

describe('an attempt whose time is over', () => {
  it('hears of it by its signal, and its result counts no more', async () => {
    const heard: unknown[] = [];
    const { first } = await both(async (task, { seen }) => {
      const tried = task.step(
        'hurries',
        ({ signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () =>
              resolve(heard.push(signal.reason instanceof Error && signal.reason.message)),
            );
          }),
        { timeoutMs: 50, maxAttempts: 2, retryDelayMs: 1 },
      );
      await tried.catch((error: Error) => seen.push(error.message));
    });
    const late = 'Step "hurries" did not finish within 50 ms.';
    expect(heard).toEqual([late, late]);
    expect(first).toEqual([`Step "hurries" failed 2 times: ${late}`]);
  });

  it('leaves the next message of its inbox to the next attempt', async () => {
    const { first, second } = await both(async (task, { seen }) => {
      let tries = 0;
      const read = async (): Promise<string | undefined> => {
        tries += 1;
        const next = task.inbox.wait();
        if (tries > 1) await say(task.id, 'hello');
        return (await next)?.text;
      };
      const options = { timeoutMs: 2_000, maxAttempts: 2, retryDelayMs: 1 };
      seen.push(await task.step('reads', read, options), await task.inbox.take());
    });
    expect(first).toEqual(['hello', []]);
    expect(second).toEqual(first);
  });
});

it('a step that has its result takes no message any more', async () => {
  const { first, second } = await both(async (task, { seen }) => {
    await task.step('races', () => Promise.race([task.inbox.wait(), Promise.resolve('first')]));
    await say(task.id, 'hello');
    seen.push((await task.inbox.wait())?.text);
  });
  expect(first).toEqual(['hello']);
  expect(second).toEqual(first);
});

it('a step of a task that was cancelled begins nothing more', async () => {
  const did: unknown[] = [];
  let [isOver, taskId] = [false, ''];
  const task = await begin(async (context) => {
    taskId = context.id;
    const refusal = async (work: () => Promise<unknown>): Promise<void> => {
      did.push(await work().catch((error: Error) => error.message));
    };
    await context.step('deaf', async () => {
      await call('POST', `${url}/tasks/${taskId}:cancel`);
      await until(() => context.signal.aborted, { what: 'the run to hear of it' });
      await refusal(() => context.step('part', () => did.push('done')));
      await refusal(() => context.session.state.set('late', 1));
      await refusal(() => context.memory.add('late'));
      isOver = true;
    });
  });
  expect(stateOf(task)).toBe('CANCELED');
  await until(() => isOver, { what: 'the step to end' });
  expect(did).toEqual(Array.from({ length: 3 }, () => 'The task was cancelled.'));
});

function twice(work: Work): readonly [Work, Work] {
  return [work, work];
}
