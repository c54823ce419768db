/** A stand-alone server whose agents do what the tests need; it runs the built product, as `main.js` does. */
import { appendFile } from 'node:fs/promises';
import { startServer, TerminalError } from '../../dist/index.js';
import { AssistantAgent } from '../../dist/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../../dist/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { agent, remembers } from './test-agent.mjs';

/** Attempts of each task's flaky step in this process. */
const attempts = new Map();

/** The tasks whose agent was refused when it emitted after its end, once for each refusal. */
const refusals = [];

const agents = [
  agent('asks-twice', async (task) => {
    const name = await task.requestInput('What is your name?');
    const colour = await task.requestInput(`Which colour do you like, ${name.text}?`);
    return `${name.text} likes ${colour.text}.`;
  }),
  agent('throws', async () => {
    throw new Error('The printer is on fire.', { cause: new Error('Paper jam.') });
  }),
  agent('throws-at-once', () => {
    throw new TerminalError('There is nothing to do here.');
  }),
  agent('nonsense', async () => 42),
  agent('kills-its-process', async () => {
    process.kill(process.pid, 'SIGKILL');
  }),
  agent('empty', async () => undefined),
  agent('endless', () => new Promise(() => undefined), { timeoutMs: 300 }),
  agent('late', async (task) => {
    const refused = () => refusals.push(task.id);
    setTimeout(() => {
      void task.artifact({ name: 'late', parts: 'too late' }).catch(refused);
      void task.progress(0.5, 'too late').catch(refused);
    }, 50);
    return 'In time.';
  }),
  agent('refusals', async () => JSON.stringify(refusals)),
  agent('calls', async (task) => {
    const first = await task.call('function/echo', task.text);
    const second = await task.call('function/echo', [{ data: { heard: first.text } }]);
    return `${first.text}, ${JSON.stringify(second.data)}`;
  }),
  agent('calls-one-that-throws', (task) => task.call('test/throws', 'go').then((child) => child.text)),
  agent('calls-endless', (task) => task.call('test/endless-child', 'go').then((child) => child.text)),
  agent('endless-child', () => new Promise(() => undefined)),
  agent('flaky', async (task) =>
    task.step(
      'unsteady',
      () => {
        const attempt = (attempts.get(task.id) ?? 0) + 1;
        attempts.set(task.id, attempt);
        if (attempt < 3) throw new Error(`Attempt ${attempt} failed.`);
        return `Attempt ${attempt} succeeded.`;
      },
      { retryDelayMs: 1 },
    ),
  ),
  agent('hopeless', async (task) =>
    task.step(
      'doomed',
      () => {
        throw new Error('No luck.');
      },
      { maxAttempts: 2, retryDelayMs: 1 },
    ),
  ),
  agent('terminal-step', async (task) => {
    let runs = 0;
    const failed = await task
      .step('doomed', () => {
        runs += 1;
        throw new TerminalError('Never again.');
      })
      .catch((error) => error);
    return `${failed.name} after ${runs}: ${failed.message}`;
  }),
  agent('slow-step', async (task) => {
    const options = { timeoutMs: 50, maxAttempts: 2, retryDelayMs: 1 };
    const failed = await task.step('slow', () => new Promise(() => undefined), options).catch((error) => error);
    return `${failed.name}: ${failed.step}, ${failed.attempts} attempts`;
  }),
  agent('floods', async (task) => {
    const { chunks, bytes } = task.data;
    const stream = task.stream({ name: 'flood' });
    for (let chunk = 0; chunk < chunks; chunk += 1) await stream.write('x'.repeat(bytes));
    await stream.end();
  }),
  /** Streams for clients that can send text alone. */
  agent('tells', async (task) => {
    const stream = task.stream({ name: 'numbers' });
    for (const word of ['0 ', '1 ', '2 ']) await stream.write(word);
    await stream.end();
  }),
  /** Says what it was told, word by word and no faster than somebody types. */
  agent('dictates', async (task) => {
    const stream = task.stream();
    for (const word of task.text.split(' ')) {
      await stream.write(`${word} `);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await stream.end();
  }),
  remembers,
  /** Shows what it has made before it asks, and in the end gives data alone. */
  agent('shows-and-asks', async (task) => {
    await task.artifact({ name: 'draft', parts: 'A draft.' });
    await task.artifact({ name: 'sketch', parts: [{ raw: 'aGk=', mediaType: 'image/png', filename: 'sketch.png' }] });
    const answer = await task.requestInput('Is it good?');
    await task.artifact({ name: 'verdict', parts: [{ data: { good: answer.text } }] });
  }),
  /** Publishes the file whose address it is told. */
  agent('links', async (task) => {
    await task.artifact({ name: 'linked', parts: [{ url: task.text, filename: 'My\n[file].txt' }] });
    return 'There.';
  }),
  /** Gives back the first file that it gets. */
  agent('draws', async (task) => {
    const [{ raw, mediaType }] = task.files;
    await task.artifact({ name: 'picture', parts: [{ raw, mediaType, filename: 'picture.png' }] });
    return 'Drawn.';
  }),
  agent('streams', async (task) => {
    const { chunks, artifacts = 1 } = task.data;
    for (let artifact = 0; artifact < artifacts; artifact += 1) {
      const stream = task.stream({ name: 'numbers' });
      for (let n = 0; n < chunks; n += 1) await stream.write(`${n} `);
      await stream.end();
    }
  }),
  /** Notes each run of a step in a file: what really happened, whatever the task says. */
  agent('notes', async (task) => {
    const { steps, delayMs, file } = task.data;
    for (let step = 1; step <= steps; step += 1) {
      await task.step(`note ${step}`, async () => {
        await appendFile(file, `${step} ${process.pid}\n`);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      });
      await task.progress(step / steps, `Noted ${step}`);
    }
    await task.artifact({ name: 'notes', parts: [{ data: { steps } }] });
    return `Noted ${steps} steps.`;
  }),
  /** Notes when it begins to wait, and when it is told to stop. */
  agent('logs', async (task) => {
    task.log.info('the run logs');
    await task.step('look', () => task.log.info('the step logs'));
    return 'Logged.';
  }),
  agent('sleeps', async (task) => task.sleep(86_400_000)),
  agent('waits', async (task) => {
    await appendFile(task.data.file, `1 ${process.pid}\n`);
    await new Promise((resolve) => task.signal.addEventListener('abort', resolve));
    await appendFile(task.data.file, `2 ${process.pid}\n`);
  }),
];

await startServer({ agents: [EchoAgent, CountdownAgent, AssistantAgent, ...agents] });
