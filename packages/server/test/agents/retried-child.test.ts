/** A call that has failed has failed for its caller, also when its child is tried again meanwhile and has an answer then. */
import { beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, TaskFailedError, type TaskContext } from '../../src/index.js';
import { saidBy } from '../support/answers.js';
import { call, textAt } from '../support/http-calls.js';
import { startNestServer } from '../support/nest-server.js';
import { until } from '../support/until.js';

let isBroken = true;
let server: Awaited<ReturnType<typeof startNestServer>>;
/** What each run of a parent has got of its child. */
const got: string[] = [];

@A2AAgent({ type: 'test', name: 'fragile', description: 'Is broken at first.' })
class FragileAgent extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    if (isBroken) throw new TaskFailedError('It is broken.', { parts: [{ data: { code: 7 } }] });
    return 'Whole again.';
  }
}

@A2AAgent({ type: 'test', name: 'patient', description: 'Calls, and asks.' })
class PatientAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const calls = task.text === 'ignore' ? ignoring(task) : catching(task);
    got.push(await calls);
    await task.requestInput('Go on?');
    return got.at(-1) ?? '';
  }
}

async function ignoring(task: TaskContext): Promise<string> {
  const { text, data, error, taskId } = await task.call('test/fragile', 'work', { onFailure: 'ignore' });
  return JSON.stringify({ text, data, error, taskId });
}

async function catching(task: TaskContext): Promise<string> {
  const failed = await task.call('test/fragile', 'work').catch((error: unknown) => error as Error & { taskId: string });
  return JSON.stringify({ error: 'message' in failed ? failed.message : '', taskId: failed.taskId });
}

beforeAll(async () => {
  server = await startNestServer([FragileAgent, PatientAgent], {});
});

async function reached(id: string, state: string): Promise<unknown> {
  return until(
    async () => {
      const task = (await call('GET', `${server.url}/tasks/${id}`)).body;
      return textAt(task, 'status', 'state') === `TASK_STATE_${state}` && task;
    },
    { what: `the task to be ${state}` },
  );
}

it.each(['ignore', 'catch'])('%s', async (how) => {
  isBroken = true;
  got.length = 0;
  const send = (message: object): Promise<{ readonly body: unknown }> =>
    call('POST', `${server.url}/agents/test/patient/tasks`, { body: { message } });
  const id = textAt((await send({ parts: [{ text: how }] })).body, 'id');
  await reached(id, 'INPUT_REQUIRED');
  const [first = ''] = got;
  const { error, taskId: child } = JSON.parse(first) as { readonly error: string; readonly taskId: string };
  expect(error).toBe('test/fragile failed: It is broken.');
  isBroken = false;
  await call('POST', `${server.url}/tasks/${child}:retry`);
  expect(saidBy(await reached(child, 'COMPLETED'))).toBe('Whole again.');
  await send({ taskId: id, parts: [{ text: 'yes' }] });
  expect(saidBy(await reached(id, 'COMPLETED'))).toBe(first);
  expect(got).toEqual([first, first]);
});
