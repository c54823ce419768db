/** Agents under test that leave callbacks and promises behind which break: their tasks fail, and nothing else does. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '@continuo/agent';
import { testTask, type TestedTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';

const forever = (): Promise<never> => new Promise(() => undefined);

function tested(execute: (task: TaskContext) => Promise<string>, answers?: () => string): Promise<TestedTask> {
  @A2AAgent({ type: 'odd', name: 'careless', description: 'Leaves things behind.' })
  class CarelessAgent extends A2AAgentBaseService {
    override execute(task: TaskContext): Promise<string> {
      return execute(task);
    }
  }
  return testTask(CarelessAgent, { text: 'go', ...(answers === undefined ? {} : { answers }) });
}

describe('while the run goes on', () => {
  it('what an attempt of a step left waiting fails nobody', async () => {
    let tries = 0;
    const task = await tested((context) =>
      context.step('tried', async () => {
        tries += 1;
        if (tries > 1) return 'done';
        void (async () => await context.inbox.wait())();
        void context.step('part', forever);
        throw new Error('Not yet.');
      }),
    );
    expect([task.state, task.text, tries]).toEqual(['COMPLETED', 'done', 2]);
  });

  it('a callback that throws fails the task', async () => {
    const task = await tested(() => {
      setImmediate(() => {
        throw new Error('Thrown in a callback.');
      });
      return forever();
    });
    expect([task.state, task.failure?.message]).toEqual(['FAILED', 'Thrown in a callback.']);
  });

  it('a microtask that throws fails the task', async () => {
    const before = queueMicrotask;
    const task = await tested(() => {
      queueMicrotask(() => {
        throw new Error('Thrown in a microtask.');
      });
      return forever();
    });
    expect([task.state, task.failure?.message]).toEqual(['FAILED', 'Thrown in a microtask.']);
    expect(queueMicrotask).toBe(before);
  });

  it('a promise that nobody waits for fails the task, and of several tasks at once that of its agent', async () => {
    const [failed, done] = await Promise.all([
      tested(() => {
        void Promise.reject(new Error('Nobody waits for this.'));
        return forever();
      }),
      tested((task) => task.step('work', () => 'done')),
    ]);
    expect([failed.state, failed.failure?.message]).toEqual(['FAILED', 'Nobody waits for this.']);
    expect([done.state, done.text]).toEqual(['COMPLETED', 'done']);
  });
});

it('what breaks when its run is over is an error of testTask, with its cause', async () => {
  const late = new Error('Thrown too late.');
  let release = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (release = resolve));
  const task = tested(
    async (context) => {
      void isOver.then(() => {
        throw late;
      });
      return (await context.requestInput('Go on?')).text;
    },
    () => {
      release();
      return 'yes';
    },
  );
  await expect(task).rejects.toMatchObject({
    message: 'The agent left something behind that broke when its run was over: Thrown too late.',
    cause: late,
  });
});

describe('a process without a runner of tests', () => {
  const run = async (test: string) => {
    const program = `
      import { A2AAgent, A2AAgentBaseService } from '@continuo/agent';
      import { testTask } from '@continuo/agent/testing';
      let execute;
      class Agent extends A2AAgentBaseService { execute(task) { return execute(task); } }
      A2AAgent({ type: 'odd', name: 'careless', description: 'Leaves things behind.' })(Agent);
      const throwing = (text) => () => { throw new Error(text); };
      ${test}`;
    const given = ['--input-type=module', '--eval', program];
    return promisify(execFile)(process.execPath, given, { cwd: import.meta.dirname }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error,
    );
  };

  it('goes on when an agent breaks something, with the listeners that it had', async () => {
    const { code, stdout } = await run(`
      process.once('uncaughtException', () => undefined);
      execute = () => { setImmediate(throwing('of the agent')); return new Promise(() => undefined); };
      const { state } = await testTask(Agent, {});
      console.log(state, process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection'));`);
    expect([code, stdout.trim()]).toEqual([0, 'FAILED 1 0']);
  });

  it.each([
    ['a callback', `setImmediate(throwing('of the test'));`],
    ['a promise', `void Promise.reject(new Error('of the test'));`],
  ])('ends with what %s of the test itself breaks meanwhile', async (_what, breaks) => {
    const { code, stdout, stderr } = await run(`
      execute = () => new Promise(() => undefined);
      ${breaks}
      console.log((await testTask(Agent, { patienceMs: 60_000 })).state);`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Error: of the test');
  });

  it('has its own listeners told of what the test itself breaks', async () => {
    const { code, stdout } = await run(`
      const heard = new Promise((resolve) => process.on('uncaughtException', (error) => resolve(error.message)));
      execute = () => heard;
      setImmediate(throwing('of the test'));
      console.log((await testTask(Agent, {})).text);`);
    expect([code, stdout.trim()]).toEqual([0, 'of the test']);
  });
});
