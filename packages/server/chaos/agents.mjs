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

/** An agent `chaos/<name>` that does what `execute` says. */
function agent(name, execute) {
  class ChaosAgent extends A2AAgentBaseService {
    execute(task) {
      return execute(task);
    }
  }
  A2AAgent({ type: 'chaos', name, description: `Part of the chaos run: ${name}.` })(ChaosAgent);
  return ChaosAgent;
}

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
