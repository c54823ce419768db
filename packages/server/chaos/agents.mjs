/** Agents for the run. What their steps really did is in files, which neither kill -9 nor a database can take back. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { A2AAgent, A2AAgentBaseService, TerminalError } from '../dist/index.js';

const directory = process.env.CHAOS_DIRECTORY ?? '.';
const notes = join(directory, `steps-${process.pid}.ndjson`);

/** Writes down that a step has begun or is done. */
function note(task, step, execution, what) {
  const line = { task: task.id, step, execution, what, pid: process.pid, at: Date.now() };
  appendFileSync(notes, `${JSON.stringify(line)}\n`);
}

/** A step that takes `ms`, and whose result is the name of the execution that it comes from. */
function noted(task, name, ms, work = async () => undefined) {
  return task.step(name, async ({ signal }) => {
    const execution = randomUUID();
    note(task, name, execution, 'begun');
    await work();
    await delay(ms, undefined, { signal });
    note(task, name, execution, 'done');
    return execution;
  });
}

/** An agent `chaos/<name>` that does what `execute` says, as far as `limits` lets it. */
function agent(name, execute, limits) {
  class ChaosAgent extends A2AAgentBaseService {
    execute(task) {
      return execute(task);
    }
  }
  A2AAgent({ type: 'chaos', name, description: `Part of the chaos run: ${name}.`, limits })(ChaosAgent);
  return ChaosAgent;
}

const code = process.env.CHAOS_CODE ?? 'plain';

/** What a deploy changes: what it says, the order of what runs side by side, the words of a question, names of steps. */
const edits = {
  plain: { say: false, order: ['email', 'page', 'release'], third: 'third', ask: 'Go on?', more: false },
  more: { say: true, order: ['release', 'email', 'page'], third: 'third', ask: 'Shall I go on?', more: true },
  renamed: { say: true, order: ['page', 'release', 'email'], third: 'third, renamed', ask: 'Go on?', more: false },
};

export const codes = Object.keys(edits);

/** Steps that other codes name otherwise, or leave out: one that was cut off may be none of the code that goes on. */
export const stepsOfSomeCodes = new Set([
  ...Object.values(edits).flatMap(({ third }) => [third, `behind ${third}`]),
  'one more',
]);

export const chaosAgents = [
  /** `{ steps, delayMs }`: answers with the executions whose results it was given. */
  agent('stepper', async (task) => {
    const { steps, delayMs } = task.data;
    const executions = [];
    for (let step = 1; step <= steps; step += 1) {
      executions.push(await noted(task, `step ${step}`, delayMs));
      await task.progress(step / steps, `Step ${step} of ${steps}`);
    }
    await task.artifact({ name: 'executions', parts: [{ data: { executions } }] });
    return `Took ${steps} steps.`;
  }),
  /** `{ questions }`: asks them one after the other, with a step behind each; says all the answers. */
  agent('asker', async (task) => {
    const answers = [];
    for (let question = 1; question <= task.data.questions; question += 1) {
      const { text } = await task.requestInput(`Question ${question}?`);
      await noted(task, `answer ${question}`, 20);
      answers.push(text);
    }
    return answers.join('|');
  }),
  /** `{ questions }`: asks what its child asks, beside another that works. */
  agent('asks-through', async (task) => {
    const steps = [{ data: { steps: 3, delayMs: 200 } }];
    const [asker] = await task.callAll([
      { agent: 'chaos/asker', input: task.parts },
      { agent: 'chaos/stepper', input: steps },
    ]);
    return asker.text;
  }),
  /** `{ chunks, delayMs }`: one artifact from its body, and one from inside a step. */
  agent('streamer', async (task) => {
    const { chunks, delayMs } = task.data;
    const write = async (stream) => {
      for (let chunk = 1; chunk <= chunks; chunk += 1) {
        await stream.write(`${chunk} `);
        if (chunk % 10 === 0) await delay(delayMs);
      }
      await stream.end();
    };
    await write(task.stream({ name: 'body' }));
    await noted(task, 'stream', 0, () => write(task.stream({ name: 'step' })));
    await noted(task, 'after the stream', 20);
    return 'Streamed.';
  }),
  /** `{ steps, delayMs }`: two children at once, then a third with what they said. */
  agent('parent', async (task) => {
    const [first, second] = await Promise.all([
      task.call('chaos/stepper', [{ data: task.data }]),
      task.call('function/echo', `for ${task.id}`),
    ]);
    await noted(task, 'between children', 20);
    const third = await task.call('function/echo', `${first.text} ${second.text}`, { sameSession: false });
    return third.text;
  }),
  /** `{ how }`: fails by itself, by a step, or by a child. */
  agent('failer', async (task) => {
    const { how } = task.data;
    if (how === 'child') return (await task.call('chaos/failer', [{ data: { how: 'step' } }])).text;
    if (how === 'step') {
      await noted(task, 'good step', 10);
      await task.step(
        'bad step',
        () => {
          throw new Error('No luck.');
        },
        { maxAttempts: 2, retryDelayMs: 10 },
      );
    }
    throw new TerminalError('Meant to fail.');
  }),
  /** Fails behind its first step, until somebody has made a file with the name of its task. */
  agent('unlucky', async (task) => {
    await noted(task, 'before luck', 20);
    await task.step('luck', () => {
      if (!existsSync(join(directory, `luck-${task.id}`))) throw new TerminalError('Out of luck.');
    });
    await noted(task, 'after luck', 20);
    return 'Lucky at last.';
  }),
  /** `{ how, ms }`: leaves something behind that fails, and says something after `ms`. */
  agent('careless', async (task) => {
    const { how, ms } = task.data;
    const fail = () => Promise.reject(new Error(`nobody waits for this (${how})`));
    if (how === 'rejects') void fail();
    if (how === 'rejects later') setTimeout(() => void fail(), ms);
    if (how === 'throws in a timer') {
      setTimeout(() => {
        throw new Error('nobody catches this');
      }, ms);
    }
    if (how === 'throws a word') {
      setTimeout(() => {
        // oxlint-disable-next-line typescript/only-throw-error -- careless agents throw anything
        throw 'a word';
      }, ms);
    }
    if (how === 'forgets a step') {
      void task.step(
        'forgotten',
        async () => {
          await delay(ms);
          throw new TerminalError('Forgotten.');
        },
        { maxAttempts: 1 },
      );
    }
    if (how === 'forgets a child') void task.call('chaos/failer', [{ data: { how: 'terminal' } }]);
    await delay(200);
    await task.progress(0.5, 'Half of it');
    await delay(200);
    return 'Careless, but done.';
  }),
  /** `{ turns }`: says what it does, and never waits until it is said. */
  agent('chatter', async (task) => {
    for (let turn = 1; turn <= task.data.turns; turn += 1) {
      void task.progress(turn / task.data.turns, `Turn ${turn}`);
      if (turn % 10 === 0) void task.artifact({ name: `turn ${turn}`, parts: `Turn ${turn}` });
      await delay(10);
    }
    return 'Said it all.';
  }),
  /** `{ depth, width, delayMs, asks }`: a tree of its like; `asks`: its leaves ask a question. */
  agent('tree', async (task) => {
    const { depth, width, delayMs, asks } = task.data;
    await noted(task, 'grow', delayMs);
    if (depth === 0) return asks ? (await task.requestInput('Still there?')).text : 'A leaf.';
    const below = [{ data: { depth: depth - 1, width, delayMs, asks } }];
    await task.callAll(Array.from({ length: width }, () => ({ agent: 'chaos/tree', input: below })));
    return 'A tree.';
  }),
  /** `{ steps, delayMs, naps }`: waits for its turn, at the beginning and after each nap. */
  agent(
    'queued',
    async (task) => {
      const { steps, delayMs, naps } = task.data;
      for (let nap = 0; nap <= naps; nap += 1) {
        for (let step = 1; step <= steps; step += 1) await noted(task, `step ${nap}.${step}`, delayMs);
        if (nap < naps) await task.sleep(4_000);
      }
      return `Had ${naps + 1} turns.`;
    },
    { total: 3, perInstance: 2, rate: { tasks: 10, perMs: 1_000 } },
  ),
  /** Its code is another one with each deploy: see `edits`. Answers with how it went on, and with what. */
  agent('edited', async (task) => {
    const { say, order, third, ask, more } = edits[code];
    const executions = [await noted(task, 'first', 50)];
    if (say) await task.progress(0.2, `Code ${code} says more`);
    // Side by side, in whichever order; what each says comes behind its step.
    const flow = async (name) => {
      const execution = await noted(task, `draft ${name}`, 20 + 30 * order.indexOf(name));
      await task.artifact({ name, parts: `${name} by ${execution}` });
      return execution;
    };
    const drafts = await Promise.all(order.map(flow));
    executions.push(...drafts);
    const { text } = await task.requestInput(ask, { name: 'go' });
    executions.push(await noted(task, third, 300));
    await task.sleep(4_000);
    executions.push(await noted(task, `behind ${third}`, 1_000));
    if (more) executions.push(await noted(task, 'one more', 20));
    await task.artifact({ name: 'executions', parts: [{ data: { executions } }] });
    return `${text} by ${third}`;
  }),
  /** `{ naps, ms }`: sleeps durably, with a step after each nap. */
  agent('sleeper', async (task) => {
    const began = Date.parse(await task.step('begin', () => new Date().toISOString()));
    for (let nap = 1; nap <= task.data.naps; nap += 1) {
      await task.sleep(task.data.ms);
      await noted(task, `nap ${nap}`, 10);
    }
    return `Slept ${Date.now() - began}`;
  }),
];
