/** Agents that use the library wrongly: what the task fails with says what was wrong and what to write in its place. */
import { A2AAgent, A2AAgentBaseService, tool, type TaskContext } from '@continuo/agent';
import { testTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** What becomes of a task whose agent does `work`; the types that would have told are gone. */
async function failureOf(work: (task: TaskContext) => unknown): Promise<string | undefined> {
  @A2AAgent({ type: 'odd', name: 'odd', description: 'Uses the library wrongly.' })
  class OddAgent extends A2AAgentBaseService {
    async execute(task: TaskContext): Promise<never> {
      return (await work(task)) as never;
    }
  }
  const { failure } = await testTask(OddAgent, { text: 'go' });
  return failure?.message;
}

const untyped = (value: unknown): never => value as never;

class Order {
  readonly id = 7;
}

describe('what execute returns', () => {
  it.each([
    [42, 'returned a number'],
    [{ a: 1 }, 'returned an object.'],
    [new Order(), 'returned an object of the class Order'],
    [[], 'returned an empty list'],
    [[{ text: 'a' }, 'b'], 'returned a list whose item 1 is no part'],
  ])('%o is named, with what to return', async (returned, named) => {
    const failure = await failureOf(() => returned);
    expect(failure).toContain(`\`execute\` ${named}`);
    expect(failure).toContain(
      'Return text, a list of at least one part, or nothing; data goes into a part: [{ data }].',
    );
  });

  it('a generator is told where to write', async () => {
    const generator = async function* (): AsyncGenerator<string> {
      yield 'a';
    };
    expect(await failureOf(() => generator())).toContain('a generator, which nobody reads: write what it gives to');
  });
});

describe('what is thrown', () => {
  it.each([
    [{ code: 3, token: 'secret' }, 'an object in place of an Error, with code, token'],
    [{ message: 'No such order' }, 'No such order'],
    [new TypeError(''), 'TypeError, without a message'],
    ['a text', 'a text'],
  ])('%o has a message', async (given, message) => {
    const failure = await failureOf(() => {
      throw given as Error;
    });
    expect(failure).toBe(message);
  });
});

describe('steps', () => {
  it.each([
    [3, 'expected a function that does its work, got number.'],
    [Promise.resolve(3), 'expected a function that does its work, got a promise, whose work has begun already.'],
  ])('work that is %o is not tried', async (work, expected) => {
    expect(await failureOf((task) => task.step('load', untyped(work)))).toBe(`Step "load": ${expected}`);
  });
});

describe('branches', () => {
  it('work that is no function is named', async () => {
    expect(await failureOf((task) => task.branch('side', untyped(3)))).toBe(
      'Branch "side": expected a function that does its work, got number.',
    );
  });

  it('work that is not asynchronous is done, and what it throws is thrown', async () => {
    const given: unknown[] = [];
    const failure = await failureOf(async (task) => {
      given.push(
        await task.branch(
          'side',
          untyped(() => 3),
        ),
      );
      const throwing = (): never => {
        throw new Error('at once');
      };
      given.push(await task.branch('other', untyped(throwing)).catch((error: Error) => error.message));
    });
    expect([failure, given]).toEqual([undefined, [3, 'at once']]);
  });
});

describe('artifacts', () => {
  const id = 'expected 1 to 500 characters, without NUL and halves of surrogate pairs.';

  it.each<readonly [string, unknown]>([
    ['artifactId: ' + id, { artifactId: '' }],
    ['artifactId: ' + id, { artifactId: 7 }],
    ['artifactId: ' + id, { artifactId: 'a\0' }],
    ['artifactId: ' + id, { artifactId: 'a'.repeat(501) }],
    ['name: expected text.', { name: 5 }],
    ['description: expected text.', { description: {} }],
    ['metadata: expected an object.', { metadata: 'draft' }],
    ['metadata: expected an object.', { metadata: [1] }],
    ['extensions: expected a list of texts.', { extensions: 'urn:example:notes' }],
    ['extensions[0]: expected text.', { extensions: [1] }],
  ])('%s', async (said, input) => {
    const artifact = input as object;
    expect(await failureOf((task) => task.artifact(untyped({ ...artifact, parts: 'x' })))).toBe(`artifact: ${said}`);
    expect(await failureOf((task) => task.stream(untyped(artifact)))).toBe(`stream: ${said}`);
  });

  it('that are nothing, and metadata at the end of a stream that are none, are named', async () => {
    expect(await failureOf((task) => task.artifact(untyped(undefined)))).toBe(
      'artifact: expected an object that says what the artifact is.',
    );
    expect(await failureOf((task) => task.stream().end(untyped({ metadata: 'done' })))).toBe(
      'stream.end: metadata: expected an object.',
    );
  });

  it('null is as good as nothing', async () => {
    const given = { artifactId: null, name: null, description: null, metadata: null, extensions: null, parts: 'x' };
    expect(await failureOf((task) => task.artifact(untyped(given)))).toBeUndefined();
  });
});

describe('calls', () => {
  const policy = "onFailure: expected 'fail', 'ignore' or { retries: a whole number of at least 0 }.";

  it.each<readonly [string, unknown]>([
    [policy, { onFailure: 'ignroe' }],
    [policy, { onFailure: { retries: -1 } }],
    [policy, { onFailure: { retries: Number.NaN } }],
    [policy, { onFailure: { retries: '2' } }],
    ['metadata: expected an object.', { metadata: 'no' }],
  ])('%s', async (said, options) => {
    expect(await failureOf((task) => task.call('shop/facts', 'a', untyped(options)))).toBe(
      `call of shop/facts: ${said}`,
    );
  });

  it.each<readonly [string, unknown]>([
    ['expected a list of calls, [{ agent, input }], got undefined', undefined],
    ['expected a list of calls, [{ agent, input }], got object', { agent: 'shop/facts', input: 'a' }],
    ['expected a list of calls, [{ agent, input }], got shop/facts', 'shop/facts'],
    ['calls[1]: expected { agent, input }, got null', [{ agent: 'shop/facts', input: 'a' }, null]],
    ['calls[0]: expected { agent, input }, got shop/facts', ['shop/facts']],
    ['calls[0]: expected { agent, input }, got undefined', Array(1)],
  ])('callAll: %s', async (said, calls) => {
    expect(await failureOf((task) => task.callAll(untyped(calls)))).toBe(`callAll: ${said}`);
    expect(await failureOf((task) => task.callAll(untyped(calls)).catch(() => undefined))).toBeUndefined();
  });
});

describe('questions', () => {
  const nothing = 'expected a question, got text in which there is nothing to read. Say what you ask for';

  it.each([
    ['empty text', ''],
    ['white space', ' \n\t'],
    ['signs that nobody sees', '\u200B\u2063'],
    ['empty parts', [{ text: '' }, { text: ' ' }]],
  ])('of %s are refused', async (_what, question) => {
    expect(await failureOf((task) => task.requestInput(question))).toContain(`requestInput: ${nothing}`);
    expect(await failureOf((task) => task.requestAuth(question))).toContain(`requestAuth: ${nothing}`);
  });

  it.each([
    ['data', [{ data: { amount: 40 } }]],
    ['a file beside empty text', [{ text: '' }, { url: 'https://files.example/form.pdf' }]],
  ])('of %s are asked', async (_what, question) => {
    expect(await failureOf((task) => task.requestInput(question))).toBeUndefined();
  });

  it('nobody answered, with a default that is undefined, are answered by nothing', async () => {
    const given: unknown[] = [];
    const failure = await failureOf(async (task) => {
      const { parts, text, data, timedOut } = await task.requestInput('Sure?', { timeoutMs: 10, default: undefined });
      given.push({ parts, text, data, timedOut });
    });
    expect([failure, given]).toEqual([undefined, [{ parts: [], text: '', data: undefined, timedOut: true }]]);
  });

  it('without parts are refused, as artifacts, chunks, calls and answers of the session are', async () => {
    const noParts = 'expected text or a list of at least one part, got an empty list.';
    expect(await failureOf((task) => task.requestInput([]))).toBe(`requestInput: ${noParts}`);
    expect(await failureOf((task) => task.artifact({ parts: [] }))).toBe(`artifact: ${noParts}`);
    expect(await failureOf((task) => task.stream().write([]))).toBe(`stream.write: ${noParts}`);
    expect(await failureOf((task) => task.call('shop/facts', []))).toBe(`call: ${noParts}`);
  });

  it('empty stages, chunks and artifacts harm nobody', async () => {
    @A2AAgent({ type: 'odd', name: 'quiet', description: 'Says little.' })
    class QuietAgent extends A2AAgentBaseService {
      async execute(task: TaskContext): Promise<void> {
        await task.progress(0.2, '');
        await task.progress(0.4, ' ');
        await task.progress(0.6, 'Reading');
        await task.artifact({ name: 'empty', parts: '' });
        const stream = task.stream({ name: 'report' });
        for (const chunk of ['', 'a', '', 'b']) await stream.write(chunk);
        await stream.end();
      }
    }
    const { state, progress, artifacts } = await testTask(QuietAgent, { text: 'go' });
    expect(state).toBe('COMPLETED');
    expect(progress.map(({ stage }) => stage)).toEqual(['', '', 'Reading']);
    expect(artifacts.map(({ name, parts }) => [name, parts])).toEqual([
      ['empty', [{ text: '' }]],
      ['report', [{ text: 'ab' }]],
    ]);
  });
});

describe('waits, state, streams', () => {
  it('a time that is no number is named', async () => {
    expect(await failureOf((task) => task.inbox.wait({ timeoutMs: Number.NaN }))).toBe(
      'inbox.wait: timeoutMs: expected a number of milliseconds, got NaN',
    );
  });

  it('a stage that is no text is named', async () => {
    expect(await failureOf((task) => task.progress(0.5, untyped({ a: 1 })))).toBe(
      'progress: stage: expected text, got object',
    );
  });

  it.each([[-1], [Number.NaN], [1.5], ['5'], [null]])('a history of %s messages is refused', async (limit) => {
    expect(await failureOf((task) => task.history({ limit: untyped(limit) }))).toBe(
      `history: limit: expected a whole number of at least 0, or Infinity, got ${limit}`,
    );
  });

  it.each([[''], [7], ['a'.repeat(241)], ['a\0']])(
    '%j is refused as the key of a value of the session',
    async (key) => {
      const uses: readonly ((task: TaskContext) => unknown)[] = [
        ({ session }) => session.state.get(untyped(key)),
        ({ session }) => session.state.set(untyped(key), 1),
        ({ session }) => session.state.update(untyped(key), () => 1),
      ];
      const failures = await Promise.all(uses.map(failureOf));
      expect(failures).toEqual(
        ['get', 'set', 'update'].map((method) => expect.stringContaining(`session.state.${method}: key: expected`)),
      );
    },
  );

  it('a schema that is none is named', async () => {
    expect(await failureOf((task) => task.requestInput('How much?', { schema: untyped(3) }))).toBe(
      'requestInput: expected schema to be a zod type or a JSON Schema, got 3',
    );
    expect(await failureOf((task) => task.requestAuth('Which account?', { schema: untyped(3) }))).toBe(
      'requestAuth: expected schema to be a zod type or a JSON Schema, got 3',
    );
  });

  it('a value of the session that JSON can not hold is refused', async () => {
    expect(await failureOf((task) => task.session.state.set('last', () => 1))).toBe(
      "session.state.set: the value of last is something that can't be kept as JSON: it is a function.",
    );
  });

  it('a stream that has ended takes no more, and may be ended again', async () => {
    const failure = await failureOf(async (task) => {
      const stream = task.stream({ name: 'report' });
      await stream.write('a');
      await stream.end();
      await stream.end();
      await stream.write('b');
    });
    expect(failure).toBe('stream.write was called behind stream.end; what has ended takes no more.');
  });
});

it('results of calls that are written out are known to be there', async () => {
  @A2AAgent({ type: 'shop', name: 'both', description: 'Asks two.' })
  class BothAgent extends A2AAgentBaseService {
    async execute(task: TaskContext): Promise<string> {
      const [facts, rivals] = await task.callAll([
        { agent: 'shop/facts', input: 'a' },
        { agent: 'shop/rivals', input: 'b' },
      ]);
      return `${facts.text} ${rivals.text}`;
    }
  }
  const task = await testTask(BothAgent, { text: 'go', calls: { 'shop/facts': 'One', 'shop/rivals': 'two' } });
  expect(task.text).toBe('One two');
});

describe('what tool is given', () => {
  const input = z.object({ order: z.string() });
  const whole = { description: 'Pays an order.', input, run: () => 'paid' };

  it.each<readonly [string, unknown]>([
    ['expected { description, input, run }', undefined],
    ['description: expected text, for the model', {}],
    ['input: expected an object of zod 4', { ...whole, input: undefined }],
    ['input: expected an object of zod 4', { ...whole, input: { type: 'object' } }],
    ['run: expected a function that does its work', { ...whole, run: undefined }],
    ['inStep: expected true or false', { ...whole, inStep: 'no' }],
    ["approve: expected 'always', 'never' or a function of the input", { ...whole, approve: true }],
  ])('%s', (said, definition) => {
    expect(() => tool(untyped(definition))).toThrow(
      expect.objectContaining({ code: 'AGENT_INVALID', message: `tool: ${said}` }),
    );
    expect(tool(whole)).toMatchObject({ description: 'Pays an order.', inStep: true });
  });
});

describe('what testTask is given', () => {
  @A2AAgent({ type: 'shop', name: 'greeter', description: 'Greets.' })
  class GreeterAgent extends A2AAgentBaseService {
    override async execute(): Promise<string> {
      return 'Hello!';
    }
  }

  it.each(['answer', 'crashafter', 'agents'])('an option %s, which no scenario has', async (name) => {
    await expect(testTask(GreeterAgent, { text: 'x', [name]: ['yes'] })).rejects.toThrow(
      `testTask: there is no ${name} in a scenario; there are text, data, parts,`,
    );
  });

  it.each([
    [undefined, 'undefined'],
    ['shop/greeter', 'no class'],
    [Order, 'the class Order'],
    [() => undefined, 'a function that gives nothing'],
    [() => ({ execute: () => 'x' }), 'a function that gives something else'],
  ])('%o is no agent', async (tested, found) => {
    await expect(testTask(untyped(tested), { text: 'x' })).rejects.toMatchObject({
      code: 'AGENT_INVALID',
      message: expect.stringContaining(`testTask: found ${found}, expected a class that extends an agent base class`),
    });
  });

  it('undefined for what is not given', async () => {
    const scenario = { text: 'x', answers: undefined, model: undefined, session: undefined, crashAfter: undefined };
    expect(await testTask(GreeterAgent, { ...scenario, now: undefined, server: undefined })).toMatchObject({
      state: 'COMPLETED',
    });
  });
});
