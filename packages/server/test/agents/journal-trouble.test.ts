/** What agents do wrong with the journal: each time a clear error that says what to do, or the same in every run. */
import 'reflect-metadata';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TaskContext } from '../../src/index.js';
import { at, call, textAt } from '../support/http-calls.js';
import { begin, both, failure, startTroubled, stateOf } from '../support/troubled-agent.js';
import { until } from '../support/until.js';

let url: string;

beforeAll(async () => {
  url = await startTroubled();
});

describe('names', () => {
  it('that repeat in one scope are numbered, and each step runs once', async () => {
    const all = await both(async (task, { ran, seen }) => {
      for (const n of [1, 2, 3]) seen.push(await task.step('load', () => (ran.push(n), n * 10)));
    });
    expect(all).toEqual({ ran: [1, 2, 3], first: [10, 20, 30], second: [10, 20, 30] });
  });

  it('that come from data are found again by them', async () => {
    const rows = [3, 1, 2];
    const all = await both(async (task, { ran, seen }) => {
      for (const row of rows) seen.push(await task.step(`load ${row}`, () => (ran.push(row), row)));
    });
    expect(all).toEqual({ ran: rows, first: rows, second: rows });
  });

  it('that are others in every run hold the task, and say which step was finished', async () => {
    let n = 0;
    const asked = await begin(async (task) => {
      n += 1;
      await task.step(`load at ${n}`, () => n);
    });
    const taskId = textAt(asked, 'id');
    await call('POST', `${url}/agents/test/troubled/tasks`, {
      body: { message: { taskId, parts: [{ text: 'yes' }] } },
    });
    const held = await until(
      async () => {
        const { body } = await call('GET', `${url}/tasks/${taskId}`);
        const stage = textAt(body, 'metadata', 'urn:continuo:a2a:progress:v1', 'stage');
        return stage.startsWith('Held: ') && { state: stateOf(body), stage };
      },
      { what: 'the task to be held' },
    );
    expect(held).toEqual({
      state: 'WORKING',
      stage: 'Held: Finished: step "load at 1"; the code now runs: step "load at 2".',
    });
    expect(stateOf((await call('POST', `${url}/tasks/${taskId}:cancel`)).body)).toBe('CANCELED');
  });

  const kinds: Readonly<Record<string, (task: TaskContext, name: string) => unknown>> = {
    step: (task, name) => task.step(name, () => 1),
    branch: (task, name) => task.branch(name, async () => 1),
    question: (task, name) => task.requestInput('Well?', { name }),
    patch: (task, name) => task.patched(name),
  };
  it.each(Object.entries(kinds))('of a %s that nobody could find again are refused', async (kind, use) => {
    const needs = `A ${kind} needs a name, by which it is found again after a crash: 1 to 250 characters, without NUL and halves of surrogate pairs; got `;
    const names = ['', 'x'.repeat(251), 'a\0b', 'half \uD83D'];
    for (const name of names) {
      expect(await failure(async (task) => use(task, name))).toBe(
        `${needs}${name.length} characters, ${JSON.stringify(name.slice(0, 40))}.`,
      );
    }
    expect(await failure(async (task) => use(task, 7 as unknown as string))).toBe(`${needs}number.`);
    // What is refused can be caught.
    const { first } = await both(async (task, { seen }) => {
      await (async () => use(task, ''))().catch((error: Error) => seen.push(error.name));
    });
    expect(first).toEqual(['TerminalError']);
    const longest = 'x'.repeat(250);
    expect(stateOf(await begin(async (task) => use(task, longest)))).toBe('INPUT_REQUIRED');
  });
});

describe('the result of a step', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  it.each([
    ['a bigint', () => 1n, 'it is a bigint.'],
    ['a bigint inside', () => ({ amount: 1n }), '"amount" is a bigint.'],
    ['a function', () => () => 1, 'it is a function.'],
    ['a symbol', () => [Symbol('x')], '"0" is a symbol.'],
    ['a circle', () => circle, 'Converting circular structure to JSON.'],
  ])('that is %s fails the task, and runs once', async (_, work, why) => {
    let ran = 0;
    const said = await failure((task) => task.step<unknown>('odd', () => ((ran += 1), work())));
    expect([said, ran]).toEqual([`Step "odd" gave back something that can't be kept as JSON: ${why}`, 1]);
  });

  it.each<readonly [what: string, given: unknown, kept: unknown]>([
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['fields that are undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['undefined in a list', [undefined, 1], [null, 1]],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['no number', [NaN, Infinity, -0], [null, null, 0]],
    [
      'a map and a class',
      { map: new Map([[1, 2]]), of: new URL('http://a.example/') },
      { map: {}, of: 'http://a.example/' },
    ],
    ['half a character and NUL', 'a\uD83D b\0', 'a\uD83D b\0'],
  ])('that is %s is the same in the run that made it and in those that find it', async (_, given, kept) => {
    const all = await both(async (task, { ran, seen }) => {
      seen.push(await task.step('give', () => (ran.push('once'), given)));
    });
    expect(all).toEqual({ ran: ['once'], first: [kept], second: [kept] });
  });

  it('that is larger than can be kept fails the task, and says how large it may be', async () => {
    const most = 16 * 1024 ** 2;
    let ran = 0;
    const said = await failure((task) => task.step('much', () => ((ran += 1), 'x'.repeat(most - 1))));
    expect([said, ran]).toEqual([
      `Step "much" gave back ${most + 1} characters of JSON; ${most} can be kept. Publish it as an artifact, or keep it elsewhere and give back where it is.`,
      1,
    ]);
  });
});

describe('inside a step', () => {
  it('a step is part of it', async () => {
    const all = await both(async (task, { ran, seen }) => {
      const outer = (): Promise<string> => task.step('inner', () => (ran.push('inner'), 'from within'));
      seen.push(await task.step('outer', outer));
      seen.push(await task.step('inner', () => (ran.push('another'), 'from without')));
    });
    const seen = ['from within', 'from without'];
    expect(all).toEqual({ ran: ['inner', 'another'], first: seen, second: seen });
  });

  it('a call opens one child, however often the step is tried', async () => {
    let tries = 0;
    const { first, second } = await both(async (task, { seen }) => {
      const work = async (): Promise<string> => {
        const { taskId } = await task.call('test/echoing', 'child');
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return taskId;
      };
      seen.push(await task.step('calls', work, { retryDelayMs: 1 }));
    });
    const { body } = await call('GET', `${url}/agents/test/echoing/tasks`);
    const children = at(body, 'tasks') as readonly unknown[];
    expect([children.map((child) => textAt(child, 'id')), tries]).toEqual([first, 3]);
    expect(second).toEqual(first);
  });

  it('messages are given to each attempt of it, and to nothing else', async () => {
    const say = (taskId: string, text: string): Promise<unknown> =>
      call('POST', `${url}/agents/test/troubled/tasks`, { body: { message: { taskId, parts: [{ text }] } } });
    let tries = 0;
    const { first, second } = await both(async (task, { seen }) => {
      if (tries === 0) for (const text of ['one', 'two', 'three']) await say(task.id, text);
      const read = async (): Promise<readonly (string | undefined)[]> => {
        const next = await task.inbox.wait();
        const rest = await task.inbox.take();
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return [next?.text, ...rest.map(({ text }) => text)];
      };
      seen.push(await task.step('reads', read, { retryDelayMs: 1 }), await task.inbox.take());
    });
    expect([first, tries]).toEqual([[['one', 'two', 'three'], []], 3]);
    expect(second).toEqual(first);
  });

  it.each<readonly [what: string, use: (task: TaskContext) => unknown, said: RegExp]>([
    ['a question', (task) => task.requestInput('Well?'), /^requestInput was called inside a step; ask outside/],
    ['a branch', (task) => task.branch('aside', async () => 1), /^branch "aside" was called inside a step/],
    ['patched', (task) => task.patched('new'), /^patched\("new"\) was called inside a step/],
  ])('%s is refused, once', async (_, use, said) => {
    let ran = 0;
    expect(await failure((task) => task.step('wrong', async () => ((ran += 1), await use(task), 1)))).toMatch(said);
    expect(ran).toBe(1);
  });
});

it('a branch that never comes to its end ends with the time of the task', async () => {
  const said = await failure(
    (task) => Promise.all([task.branch('lost', () => new Promise(() => undefined)), task.step('found', () => 1)]),
    'hurried',
  );
  expect(said).toBe('The agent did not finish within 1000 ms.');
});
