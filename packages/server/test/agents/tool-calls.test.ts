/** Whatever a model asks for and whatever a tool gives back: the turn goes on, and ends with words. */
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { tool, type AgentTool } from '@continuo/agent/internal/agents/tools/tool.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import type { Reply } from '../support/model-reply.js';
import type { ChatRequest } from '../support/openai-server.js';

const cyclic: { name: string; self?: unknown } = { name: 'cyclic' };
cyclic.self = cyclic;

/** What `give` gives back, by name. */
const values: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  big: { amount: 12n },
  function: () => 'never called',
  method: { order: 7, cancel: () => undefined },
  cycle: cyclic,
  text: Buffer.from('größer', 'utf8'),
  bytes: new Uint8Array([0xff, 0xfe, 0]),
  number: { ratio: Number.NaN, most: Number.POSITIVE_INFINITY },
  date: { at: new Date('2026-11-27T21:00:00Z'), never: new Date(Number.NaN) },
  half: 'x \ud83d y',
  emoji: `${'a'.repeat(99_998)}😀${'b'.repeat(50)}`,
  map: new Map([['ann', new Set([1, 2])]]),
  error: { failed: new Error('Out of paper.') },
  deep: Array.from({ length: 500 }).reduce<unknown>((inside) => [inside], 'bottom'),
};

let running = 0;
let atOnce = 0;
let ran = 0;
/** Lets those that wait in `meet` go on, as soon as so many are there. */
let meeting: { wanted: number; readonly go: () => void; readonly met: Promise<void> };

function meet(wanted: number): void {
  let go: () => void = () => undefined;
  const met = new Promise<void>((resolve) => (go = resolve));
  meeting = { wanted, go, met };
  [running, atOnce] = [0, 0];
}

class Odd extends ContextAgentBaseService {
  protected readonly context = 'You use tools.';
  protected override readonly maxRounds: number = 3;
  protected override readonly tools = {
    give: tool({
      description: 'Gives back a value.',
      input: z.object({ name: z.string() }),
      run: ({ name }) => {
        ran += 1;
        return values[name];
      },
    }),
    break: tool({
      description: 'Gives back what can’t be read.',
      input: z.object({}),
      run: () => ({
        toJSON: () => {
          throw new Error('No JSON today.');
        },
      }),
    }),
    fail: tool({
      description: 'Fails.',
      input: z.object({ why: z.string() }),
      run: ({ why }) => {
        throw new Error(why);
      },
    }),
    anything: tool({ description: 'Takes anything.', input: z.any(), run: (input) => (ran += 1) && input }),
    attach: tool({
      description: 'Takes one or the other.',
      input: z.union([z.object({ content: z.string() }), z.object({ url: z.url(), content: z.string() })]),
      run: (input) => input,
    }),
    meet: tool({
      description: 'Comes back when all are there.',
      input: z.object({ name: z.string() }),
      run: async ({ name }) => {
        running += 1;
        atOnce = Math.max(atOnce, running);
        if (running === meeting.wanted) meeting.go();
        await meeting.met;
        running -= 1;
        return `${name} was here`;
      },
    }),
  };
}
A2AAgent({ type: 'test', name: 'odd', description: 'Uses tools.' })(Odd);

@A2AAgent({ type: 'test', name: 'narrow', description: 'Uses two tools at once.' })
class Narrow extends Odd {
  protected override readonly maxToolsAtOnce = 2;
}

@A2AAgent({ type: 'test', name: 'formal', description: 'Answers with data.' })
class Formal extends Odd {
  protected override readonly output = z.object({ done: z.boolean() });
}

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer([Odd, Narrow, Formal]);
});

function calls(...wanted: readonly (readonly [name: string, input: unknown])[]): Reply {
  return { kind: 'calls', calls: wanted.map(([name, input]) => ({ name, input })) };
}

const done: Reply = { kind: 'answer', words: ['Done.'] };
const silent: Reply = { kind: 'answer', words: [] };
const blank: Reply = { kind: 'answer', words: ['\n', '\n'] };

/** What the model was told of its calls, in order. */
function results(): readonly unknown[] {
  return server
    .lastPrompt()
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content);
}

/** The arguments of its calls as they were sent back, in order. */
function repeated(): readonly unknown[] {
  return server
    .lastPrompt()
    .flatMap((message) => message.tool_calls ?? [])
    .map((call) => (call.function as unknown as { arguments: string }).arguments);
}

it('runs the calls of one answer side by side, and tells what came of them in their order', async () => {
  meet(3);
  server.openAi.next(calls(['meet', { name: 'Ann' }], ['meet', { name: 'Bob' }], ['meet', { name: 'Cid' }]), done);
  expect(answerOf(await server.ask('test/odd', 'Meet.'))).toBe('Done.');
  expect(atOnce).toBe(3);
  expect(results()).toEqual(['Ann was here', 'Bob was here', 'Cid was here']);
});

it('runs no more of them at once than the agent allows', async () => {
  meet(2);
  server.openAi.next(calls(...[1, 2, 3, 4, 5].map((n) => ['meet', { name: `${n}` }] as const)), done);
  expect(answerOf(await server.ask('test/narrow', 'Meet.'))).toBe('Done.');
  expect(atOnce).toBe(2);
  expect(results()).toEqual([1, 2, 3, 4, 5].map((n) => `${n} was here`));
});

it('runs nothing for arguments that are no object, says so, and sends back an object', async () => {
  ran = 0;
  const inputs = [['Rome'], '"Rome"', 'null', '{"name": "Par', 7];
  server.openAi.next(calls(...inputs.map((input) => ['anything', input] as const)), done);
  const { contextId } = await server.ask('test/odd', 'Go.');
  expect(ran).toBe(0);
  expect(results()).toEqual(
    ['an array', 'text', 'nothing', 'text', 'a number'].map(
      (kind) => `The input doesn't fit: expected a JSON object, got ${kind}. The tool was not run.`,
    ),
  );
  expect(repeated()).toEqual(inputs.map(() => '{}'));
  server.openAi.next(done);
  expect(answerOf(await server.ask('test/odd', 'And now?', contextId))).toBe('Done.');
});

it('takes names, texts and ids from models that no provider takes back', async () => {
  const name = `fly \ud83d${'y'.repeat(300)}`;
  server.openAi.next(
    calls([name, {}], ['anything', '{"city":"\\ud83d"}']),
    calls(['anything', { second: true }]),
    done,
  );
  expect(answerOf(await server.ask('test/odd', 'Fly.'))).toBe('Done.');
  const told = server.lastPrompt().flatMap((message) => message.tool_calls ?? []);
  for (const call of told) expect(call.function.name).toMatch(/^[\w-]{1,64}$/);
  expect(new Set(told.map(({ id }) => id)).size).toBe(3);
  expect(server.lastPrompt().flatMap((message) => message.tool_call_id ?? [])).toEqual(told.map(({ id }) => id));
  expect(JSON.stringify(server.lastPrompt())).not.toMatch(/\\ud83d/);
  expect(results()[0]).toMatch(/^There is no tool "fly /);
});

it('shows the model whatever a tool gives back', async () => {
  const names = Object.keys(values);
  server.openAi.next(calls(...names.map((name) => ['give', { name }] as const)), done);
  expect(answerOf(await server.ask('test/odd', 'Give.'))).toBe('Done.');
  const told = results();
  expect(Object.fromEntries(names.map((name, index) => [name, told[index]]))).toEqual({
    nothing: 'null',
    big: '{"amount":"12"}',
    function: '[function]',
    method: '{"order":7}',
    cycle: '{"name":"cyclic","self":"[contains itself]"}',
    text: 'größer',
    bytes: '[3 bytes that are no text]',
    number: '{"ratio":"NaN","most":"Infinity"}',
    date: '{"at":"2026-11-27T21:00:00.000Z","never":"Invalid Date"}',
    half: 'x \uFFFD y',
    emoji: expect.stringMatching(/^"a{99998}… \(cut; it has \d+ characters\)$/) as unknown,
    map: '{"ann":[1,2]}',
    error: '{"failed":"Out of paper."}',
    deep: expect.stringContaining('[…]') as unknown,
  });
});

it('says of what can’t be shown that it may have taken effect, and of what fails without a word that it failed', async () => {
  server.openAi.next(calls(['break', {}], ['fail', { why: ' ' }], ['fail', { why: 'half \ud83d' }]), done);
  expect(answerOf(await server.ask('test/odd', 'Break.'))).toBe('Done.');
  expect(results()).toEqual([
    "The tool has run, and may have taken effect, but its result can't be shown: No JSON today.",
    'It failed, and did not say why.',
    'half �',
  ]);
});

it('takes what the model said before its tools for the answer when it says nothing afterwards', async () => {
  const asked = server.openAi.requests.length;
  server.openAi.next({ ...calls(['give', { name: 'big' }]), words: ['I have sent it.'] } as Reply, blank);
  const task = await server.ask('test/odd', 'Send it.');
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  expect(task.artifacts).toMatchObject([{ parts: [{ text: 'I have sent it.' }], metadata: { finishReason: 'stop' } }]);
  expect(server.openAi.requests).toHaveLength(asked + 2);
});

it('asks once more when the model has said nothing at all, and then completes all the same', async () => {
  const asked = server.openAi.requests.length;
  server.openAi.next(calls(['give', { name: 'big' }]), silent, { kind: 'answer', words: ['Sent.'] });
  expect(answerOf(await server.ask('test/odd', 'Send it.'))).toBe('Sent.');
  expect(server.lastPrompt().at(-1)).toMatchObject({
    role: 'user',
    content: expect.stringContaining('empty') as unknown,
  });

  server.openAi.next(calls(['give', { name: 'big' }]), silent, blank);
  const task = await server.ask('test/odd', 'Send it.');
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  expect(task.artifacts).toMatchObject([
    {
      parts: [{ text: 'The tools have run; the language model had nothing to add.' }],
      metadata: { endedBy: 'nothing-to-add' },
    },
  ]);
  expect(server.openAi.requests).toHaveLength(asked + 6);
});

it('still fails when the model says nothing and has used no tool', async () => {
  server.openAi.next(silent, silent, silent);
  const task = await server.ask('test/odd', 'Hello?');
  expect(task.status.state).toBe('TASK_STATE_FAILED');
  expect(answerOf(task)).toContain('gave no answer');
});

it('has a model that goes on and on answer with what it has, without tools', async () => {
  const asked = server.openAi.requests.length;
  const wantsMore = (request: ChatRequest): Reply =>
    request.tools === undefined
      ? { kind: 'answer', words: ['This is what I know.'] }
      : calls(['give', { name: 'map' }]);
  server.openAi.otherwise(wantsMore);
  const task = await server.ask('test/odd', 'Go on and on.');
  server.openAi.otherwise(() => done);
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  expect(task.artifacts).toMatchObject([
    { parts: [{ text: 'This is what I know.' }], metadata: { endedBy: 'max-rounds' } },
  ]);
  expect(server.openAi.requests).toHaveLength(asked + 4);
  expect(server.lastPrompt().map(({ role }) => role)).toEqual([
    'user',
    ...[1, 2, 3].flatMap(() => ['assistant', 'user']),
  ]);
  expect(JSON.stringify(server.lastPrompt())).toContain('Result of give');
});

it('keeps to the form of an answer that comes late', async () => {
  const again = calls(['give', { name: 'map' }]);
  server.openAi.next(again, again, again, silent, { kind: 'answer', words: ['{"done":true}'] });
  const task = await server.ask('test/formal', 'Decide.');
  expect(task.artifacts).toMatchObject([{ parts: [{ data: { done: true } }], metadata: { endedBy: 'max-rounds' } }]);
});

it('offers tools in a form that every provider takes, and refuses at the start what has none', async () => {
  server.openAi.next(done);
  await server.ask('test/odd', 'Hello.');
  const offered = server.openAi.requests.at(-1)?.tools ?? [];
  expect(offered.find(({ function: { name } }) => name === 'attach')?.function.parameters).toMatchObject({
    type: 'object',
    properties: { content: { type: 'string' }, url: { type: 'string' } },
    required: ['content'],
  });
  for (const {
    function: { parameters },
  } of offered) {
    expect(parameters).toMatchObject({ type: 'object' });
    expect(Object.keys(parameters as object)).not.toContain('anyOf');
  }

  const refused = (tools: Readonly<Record<string, AgentTool>>): (() => void) => {
    class Bad extends ContextAgentBaseService {
      protected readonly context = 'You are bad.';
      protected override readonly tools = tools;
    }
    A2AAgent({ type: 'test', name: 'bad', description: 'Bad.' })(Bad);
    return () => new AgentRegistry().add(new Bad());
  };
  const about = { description: 'Takes no object.', run: () => undefined };
  expect(refused({ list: tool({ ...about, input: z.array(z.string()) }) })).toThrow(
    'the input of its tool list is no object',
  );
  expect(refused({ 'my tool': tool({ ...about, input: z.object({}) }) })).toThrow('its tool "my tool" has a name');
});
