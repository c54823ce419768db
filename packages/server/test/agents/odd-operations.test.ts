/** Odd options, names, texts and errors of durable operations: refused by name, or the same in every run, and nobody's result is another's. */
import { beforeAll, describe, expect, it } from 'vitest';
import { TerminalError, type TaskContext } from '../../src/index.js';
import { saidBy } from '../support/answers.js';
import { at, call, textAt } from '../support/http-calls.js';
import { begin, both, startTroubled, stateOf } from '../support/troubled-agent.js';
import { until } from '../support/until.js';

let url: string;

beforeAll(async () => {
  url = await startTroubled();
});

/** Whatever untyped code passes. */
const odd = (value: unknown): number => value as number;

async function caught(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a number that is none is refused at the call, in every run', () => {
  const step = (task: TaskContext, options: object): Promise<unknown> =>
    task.step(
      'load',
      () => {
        throw new Error('away');
      },
      options,
    );
  const least = 'expected a number of at least 0, got';
  const ms = 'expected a number of milliseconds, got';
  it.each<readonly [what: string, use: (task: TaskContext) => unknown, said: string]>([
    ['attempts, NaN', (task) => step(task, { maxAttempts: NaN }), `Step "load": maxAttempts: ${least} NaN`],
    ['attempts, text', (task) => step(task, { maxAttempts: 'two' }), `Step "load": maxAttempts: ${least} two`],
    ['a delay', (task) => step(task, { retryDelayMs: -1 }), `Step "load": retryDelayMs: ${least} -1`],
    ['a backoff', (task) => step(task, { backoff: NaN }), `Step "load": backoff: ${least} NaN`],
    ['a limit', (task) => step(task, { timeoutMs: '1s' }), `Step "load": timeoutMs: ${least} 1s`],
    ['a sleep, text', (task) => task.sleep(odd('1000')), `sleep: ${ms} 1000`],
    ['a sleep, bigint', (task) => task.sleep(odd(5n)), `sleep: ${ms} 5`],
    ['a sleep, null', (task) => task.sleep(odd(null)), `sleep: ${ms} null`],
    [
      'a sleep in a step',
      (task) => task.step('nap', () => task.sleep(odd('9')), { maxAttempts: 1 }),
      `Step "nap" failed once: sleep: ${ms} 9`,
    ],
    ['an inbox, NaN', (task) => task.inbox.wait({ timeoutMs: NaN }), `inbox.wait: timeoutMs: ${ms} NaN`],
    ['an inbox, text', (task) => task.inbox.wait({ timeoutMs: odd('10') }), `inbox.wait: timeoutMs: ${ms} 10`],
    [
      'an inbox, beyond dates',
      (task) => task.inbox.wait({ timeoutMs: 1e20 }),
      `inbox.wait: timeoutMs: ${ms} 100000000000000000000`,
    ],
  ])('%s', async (_, use, said) => {
    const all = await both(async (task, { seen }) => {
      seen.push(await caught(() => use(task)));
    });
    expect(all).toEqual({ ran: [], first: [said], second: [said] });
  });
});

describe('branches', () => {
  /** Each flow's step gives the flow's own name; in the second run they come along the other way round. */
  async function apart(
    flows: Readonly<Record<string, (task: TaskContext, work: () => Promise<unknown>) => Promise<unknown>>>,
  ): Promise<unknown> {
    const names = Object.keys(flows);
    let runs = 0;
    const { ran, first, second } = await both(async (task, { ran: all, seen }) => {
      runs += 1;
      const order = runs === 1 ? names : names.toReversed();
      const passed: string[] = [];
      const flow = (name: string): Promise<unknown> =>
        (flows[name] ?? fail)(task, async () => {
          await until(() => order.indexOf(name) === passed.length, { what: `the turn of ${name}` });
          const given = await task.step('convert', () => (all.push(name), name));
          passed.push(name);
          return given;
        });
      seen.push(...(await Promise.all(names.map(flow))));
    });
    return { ran, first, second };
  }
  const fail = (): Promise<never> => Promise.reject(new Error('no such flow'));

  it('with a slash in their name are not the ones that are nested', async () => {
    const names = ['flat', 'nested', 'escaped'];
    const seen = await apart({
      flat: (task, work) => task.branch('src/main', work),
      nested: (task, work) => task.branch('src', () => task.branch('main', work)),
      escaped: (task, work) => task.branch('src%2Fmain', work),
    });
    expect(seen).toEqual({ ran: names, first: names, second: names });
  });

  it('with a number in their name are not the second of a name', async () => {
    const names = ['first', 'second', 'named'];
    const seen = await apart({
      first: (task, work) => task.branch('item', work),
      second: (task, work) => task.branch('item', work),
      named: (task, work) => task.branch('item#2', work),
    });
    expect(seen).toEqual({ ran: names, first: names, second: names });
  });

  it('have their names in the trace', async () => {
    const asked = await begin((task) => task.branch('src/a#1 100%', () => task.step('convert', () => 1)));
    const { body } = await call('GET', `${url}/tasks/${textAt(asked, 'id')}/trace`);
    expect(JSON.stringify(body)).toContain('"name":"src/a#1 100%"');
  });

  it('may be called as what is inside of a step: what was finished in them is missed', async () => {
    let name = 'reserve';
    const failed = await begin(async (task) => {
      await task.branch('in step 1', () => task.step(name, () => 1));
      throw new TerminalError('not today');
    });
    expect([stateOf(failed), saidBy(failed)]).toEqual(['FAILED', 'not today']);
    name = 'hold';
    const id = textAt(failed, 'id');
    expect((await call('POST', `${url}/tasks/${id}:retry`)).status).toBe(200);
    const held = async (): Promise<unknown> => {
      const { body } = await call('GET', `${url}/tasks/${id}`);
      const stage = at(body, 'metadata', 'urn:continuo:a2a:progress:v1', 'stage');
      return String(stage).startsWith('Held: ') && stage;
    };
    const stage = await until(held, { what: 'the task to be held' });
    const branch = 'in branch in step 1';
    expect(stage).toBe(`Held: Finished: step "reserve" ${branch}; the code now runs: step "hold" ${branch}.`);
    expect(stateOf((await call('POST', `${url}/tasks/${id}:cancel`)).body)).toBe('CANCELED');
  });
});

describe('a step that fails with more than can be kept', () => {
  const long = 'x'.repeat(6 * 1024 ** 2);
  it.each([
    ['three times', new Error(long), 3],
    ['once for good', new TerminalError(long.repeat(3)), 1],
  ])('%s fails alike in every run, and is not carried out again', async (_, error, times) => {
    const { ran, first, second } = await both(async (task, { ran: all, seen }) => {
      const work = (): never => {
        all.push('tried');
        throw error;
      };
      const message = await caught(() => task.step('load', work, { retryDelayMs: 1 }));
      seen.push(message);
      // Code may go by it.
      await task.step(`look into ${message.length}`, () => 1);
    });
    expect([ran, second]).toEqual([Array.from({ length: times }, () => 'tried'), first]);
    expect(at(first, 0)).toMatch(/x{1000}…$/);
  });

  it('says how often it was tried, and keeps how it failed last', async () => {
    const all = await both(async (task, { ran, seen }) => {
      const work = (): never => {
        ran.push(ran.length);
        throw new Error(`try ${ran.length}`);
      };
      const error = await task
        .step('load', work, { maxAttempts: 150, retryDelayMs: 0 })
        .catch((thrown: unknown) => thrown);
      seen.push([at(error, 'attempts'), at(error, 'causes', 0), at(error, 'causes', 99), at(error, 'causes', 100)]);
    });
    const seen = [[150, 'try 51', 'try 150', undefined]];
    expect([(all.ran as readonly unknown[]).length, all.first, all.second]).toEqual([150, seen, seen]);
  });
});

describe('a call', () => {
  it.each([
    ['text', 'half \uD83D and \0'],
    ['data', [{ data: { 'a\0': '\uD83D' } }]],
  ])('whose input is %s that cannot be stored is made with U+FFFD in its place', async (_, input) => {
    const { first, second } = await both(async (task, { seen }) => {
      const { taskId } = await task.call('test/echoing', input, { metadata: { note: '\uD83D' } });
      seen.push(taskId);
    });
    expect(second).toEqual(first);
    const { body } = await call('GET', `${url}/tasks/${textAt(first, 0)}`);
    expect([stateOf(body), JSON.stringify(at(body, 'history', 0, 'parts'))]).toEqual([
      'COMPLETED',
      expect.stringContaining('\uFFFD'),
    ]);
  });

  it.each([['test/\0'], ['test/\uD83D'], [undefined]])('of %j is refused, and can be caught', async (agent) => {
    const said = `A call needs the name of an agent, type/name, as text; got ${JSON.stringify(String(agent))}.`;
    const all = await both(async (task, { seen }) => {
      seen.push(await caught(() => task.callAll([{ agent: agent as string, input: 'x' }])));
    });
    expect(all).toEqual({ ran: [], first: [said], second: [said] });
  });
});
