/** A stand-alone server whose agents ask people, fail until a file says otherwise, and note what they really did. */
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { startServer, TerminalError } from '../../dist/index.js';
import { CountdownAgent } from '../../dist/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { agent } from './test-agent.mjs';

const note = (file, line) => appendFile(file, `${line}\n`);

/** What the test has written into `<file>.mended`: nothing yet while there is no such file. */
const mended = (file) =>
  readFile(`${file}.mended`, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

async function refuseUntilMended(file, message) {
  if ((await mended(file)) === undefined) throw new TerminalError(message);
}

const refund = z.object({
  amount: z.number().positive(),
  currency: z.enum(['EUR', 'USD']),
  at: z.iso.datetime().transform((text) => new Date(text)),
});

const agents = [
  agent('refund', async (task) => {
    const { data } = await task.requestInput('Which refund?', { schema: refund });
    return `${data.amount} ${data.currency} in ${data.at.getUTCFullYear()}`;
  }),
  agent('colour', async (task) => {
    const schema = { type: 'string', enum: ['red', 'green'] };
    return `You like ${(await task.requestInput('Which colour?', { schema })).data}.`;
  }),
  agent('even', async (task) => {
    const schema = z.number().refine((n) => n % 2 === 0, 'an even number, please');
    return `Even: ${(await task.requestInput('An even number?', { schema })).data}`;
  }),
  /** Asks what its children ask, who are two levels below and ask at the same time. */
  agent('asks-through', async (task) => {
    const calls = ['colour', 'even'].map((name) => ({ agent: 'test/passes-on', input: name }));
    return (await task.callAll(calls)).map(({ text }) => text).join(' ');
  }),
  agent('passes-on', async (task) => (await task.call(`test/${task.text}`, 'go')).text),
  agent('asks', async (task) => `You said ${(await task.requestInput('What?')).text}.`),
  agent('twice', async (task) => {
    const first = await task.requestInput('First?');
    return `${first.text}, ${(await task.requestInput('Second?')).text}`;
  }),
  agent('signs-in', async (task) => `Signed in as ${(await task.requestAuth('Who are you?')).text}.`),
  agent('impatient', async (task) => {
    const { timeoutMs, ...rest } = task.data;
    const answer = await task.requestInput('Quick!', { timeoutMs, ...rest });
    return `${answer.timedOut ? 'Nobody' : 'Somebody'} said ${answer.text}`;
  }),
  /** Nobody answers in time until it is mended; then it undoes what it did, and does so anew in each attempt. */
  agent('expires', async (task) => {
    const { file } = task.data;
    await task.step('reserve', () => note(file, 'reserve'));
    try {
      const timeoutMs = (await mended(file)) === undefined ? 200 : undefined;
      const { text } = await task.requestInput('Pay?', { name: 'pay', timeoutMs });
      return `Paid: ${text}`;
    } catch (error) {
      await task.step('undo', () => note(file, 'undo'));
      throw new Error('Nobody has paid.', { cause: error });
    }
  }),
  agent('calls-expires', async (task) => {
    return (await task.call('test/expires', [{ data: task.data }])).text;
  }),
  /** Two updates: one that is a step, and one that is part of another. */
  agent('counts', async (task) => {
    const { state } = task.session;
    const number = await state.update('count', (count = 0) => count + 1);
    const nested = await task.step('in a step', () => state.update('nested', (count = 0) => count + 1));
    return `${number} ${nested}`;
  }),
  /** Two steps that succeed, one that fails until it is mended, one behind it; each notes that it ran. */
  agent('fails', async (task) => {
    const { file } = task.data;
    for (const name of ['one', 'two']) {
      await task.step(name, () => note(file, name));
      await task.progress(name === 'one' ? 0.25 : 0.5, `Did ${name}`);
    }
    await task.artifact({ name: 'draft', parts: [{ data: { runs: (await readFile(file, 'utf8')).length } }] });
    try {
      await task.step('three', async () => {
        await note(file, 'three');
        await refuseUntilMended(file, 'Three is broken.');
      });
    } catch (error) {
      await task.artifact({ name: 'report', parts: 'It failed.' });
      throw error;
    }
    await task.artifact({ name: 'result', parts: 'It worked.' });
    return task.step('four', async () => {
      await note(file, 'four');
      return 'Done with four.';
    });
  }),
  /** Throws between its steps until it is mended. */
  agent('throws-between', async (task) => {
    const { file } = task.data;
    await task.step('one', () => note(file, 'one'));
    await refuseUntilMended(file, 'Nothing is right between the steps.');
    await task.step('two', () => note(file, 'two'));
    return 'Both done.';
  }),
  /** Has no step, so nothing of it is kept. */
  agent('stepless', async (task) => {
    await task.progress(0.5, 'Half way');
    await refuseUntilMended(task.data.file, 'There is no step to go on from.');
    return 'Done without steps.';
  }),
  agent('parent', async (task) => {
    const { file } = task.data;
    const first = await task.call('test/child', [{ data: { file, name: 'good', good: true } }]);
    const second = await task.call('test/child', [{ data: { file, name: 'bad', good: false } }]);
    return `${first.text} ${second.text}`;
  }),
  agent('child', async (task) => {
    const { file, name, good } = task.data;
    await task.step('work', async () => {
      await note(file, name);
      if (!good) await refuseUntilMended(file, `The ${name} child is broken.`);
    });
    return `${name} done.`;
  }),
  /** Undoes what it has done when it fails, and tidies up however it ends. */
  agent('undoes', async (task) => {
    const { file } = task.data;
    const step = (name, work = () => note(file, name)) => task.step(name, work, { maxAttempts: 1 });
    const charge = () => note(file, 'charge').then(() => refuseUntilMended(file, 'There is no money.'));
    try {
      await step('reserve');
      await step('charge', charge);
      await step('ship');
      return 'Shipped.';
    } catch (error) {
      await step('undo');
      throw new Error('Nothing was ordered.', { cause: error });
    } finally {
      await step('tidy');
    }
  }),
  /** The same side by side: the branch that works goes on when the other one has failed. */
  agent('undoes-branches', async (task) => {
    const { file } = task.data;
    let goOn;
    const failed = new Promise((resolve) => (goOn = resolve));
    const [one] = await Promise.allSettled([
      task.branch('one', async () => {
        await task.step('pack', () => note(file, 'pack'));
        await task
          .step('charge', () => note(file, 'charge').then(() => refuseUntilMended(file, 'No money.')))
          .finally(goOn);
        await task.step('ship', () => note(file, 'ship'));
      }),
      task.branch('two', async () => {
        await task.step('print', () => note(file, 'print'));
        await failed;
        await task.step('send', () => note(file, 'send'));
      }),
    ]);
    await task.step('report', () => note(file, `report ${one.status}`));
    if (one.status === 'rejected') throw one.reason;
    return 'Shipped.';
  }),
  /** Undoes what it has done when its child fails. */
  agent('undoes-calls', async (task) => {
    const { file } = task.data;
    try {
      await task.call('test/child', [{ data: { file, name: 'bad', good: false } }]);
    } catch (error) {
      await task.step('undo', () => note(file, 'undo'));
      throw error;
    }
    await task.step('ship', () => note(file, 'ship'));
    return 'Shipped.';
  }),
  agent('asks-and-fails', async (task) => {
    const { file } = task.data;
    await task.step('one', () => note(file, 'one'));
    const { text } = await task.requestInput('Who?');
    await task.step('two', () => refuseUntilMended(file, 'Two is broken.'));
    return `Hello ${text}`;
  }),
  /** Its second step goes on until it is mended, or aborted. */
  agent('steps-slowly', async (task) => {
    const { file } = task.data;
    await task.step('one', () => note(file, 'one'));
    await task.step('two', async ({ signal }) => {
      await note(file, 'two');
      while ((await mended(file)) === undefined) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    return 'Slow, but done.';
  }),
  agent('hears', async (task) => {
    const heard = [];
    for (;;) {
      const said = await task.inbox.wait();
      if (said === undefined || said.text === 'stop') return heard.join(', ');
      heard.push(said.text);
    }
  }),
  agent('hangs', (task) => task.step('for ever', () => new Promise(() => undefined))),
  agent('notes', async (task) => {
    await task.step('note', () => note(task.data.file, task.id));
    return 'Noted.';
  }),
];

const server = await startServer({ agents: [EchoAgent, CountdownAgent, ...agents] });
process.on('SIGTERM', () => {
  void server.stop().then(() => process.exit(0));
});
