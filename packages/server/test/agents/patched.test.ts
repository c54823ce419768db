/** `task.patched`: changed code goes its new way for new tasks only, and the call can be taken out again. */
import 'reflect-metadata';
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { call, textAt } from '../support/http-calls.js';
import { startNestServer } from '../support/nest-server.js';
import { until } from '../support/until.js';
import { saidBy } from '../support/answers.js';

type Code = (task: TaskContext, step: (name: string) => Promise<void>) => Promise<void>;

/** What runs of tasks do from now on, as after a deploy. */
let code: Code = async () => undefined;

/** Asks behind each step "Go on?", and says in the end which steps it has come by. */
@A2AAgent({ type: 'test', name: 'patched', description: 'Does what its code of the day says.' })
class PatchedAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const steps: string[] = [];
    await code(task, async (name) => {
      steps.push(await task.step(name, () => name));
      await task.requestInput('Go on?', { name: `behind ${name}` });
    });
    return steps.join(', ');
  }
}

let url: string;

beforeAll(async () => {
  ({ url } = await startNestServer([PatchedAgent], {}));
});

async function send(message: unknown): Promise<unknown> {
  return (await call('POST', `${url}/agents/test/patched/tasks`, { body: { message, wait: true } })).body;
}

/** A task that has done the first step of this code. */
async function begun(by: Code): Promise<string> {
  code = by;
  const task = await send('go');
  expect(textAt(task, 'status', 'state')).toBe('TASK_STATE_INPUT_REQUIRED');
  return textAt(task, 'id');
}

/** Runs the task's next step with this code; which it has come by in all, once it has ended. */
async function next(taskId: string, by: Code): Promise<string> {
  code = by;
  const task = await send({ taskId, parts: [{ text: 'yes' }] });
  return saidBy(task);
}

async function completed(taskId: string, by: Code): Promise<string> {
  let said = 'Go on?';
  while (said === 'Go on?') said = await next(taskId, by);
  return said;
}

async function held(taskId: string, by: Code): Promise<string> {
  code = by;
  await call('POST', `${url}/agents/test/patched/tasks`, { body: { message: { taskId, parts: [{ text: 'yes' }] } } });
  return until(
    async () => {
      const { body } = await call('GET', `${url}/tasks/${taskId}`);
      const stage = textAt(body, 'metadata', 'urn:continuo:a2a:progress:v1', 'stage');
      return stage.startsWith('Held: ') && stage;
    },
    { what: 'the task to be held' },
  );
}

/** The life of a change: before it, with both ways, with the new way alone, and without the call. */
const before: Code = async (_, step) => {
  for (const name of ['check', 'pay']) await step(name);
};
const both: Code = async (task, step) => {
  if (task.patched('greets first')) await step('greet');
  for (const name of ['check', 'pay']) await step(name);
};
const newAlone: Code = async (task, step) => {
  task.patched('greets first');
  for (const name of ['greet', 'check', 'pay']) await step(name);
};
const without: Code = async (_, step) => {
  for (const name of ['greet', 'check', 'pay']) await step(name);
};

describe('a change under patched', () => {
  it('is for new tasks; those that had got further go the old way, in all their runs', async () => {
    const old = await begun(before);
    const fresh = await begun(both);
    expect(await completed(old, both)).toBe('check, pay');
    expect(await completed(fresh, both)).toBe('greet, check, pay');
  });

  it('is for tasks that come by it for the first time, however far they are', async () => {
    const behind: Code = async (task, step) => {
      await step('check');
      if (task.patched('greets between')) await step('greet');
      await step('pay');
    };
    const [notYet, past] = [await begun(before), await begun(before)];
    expect(await next(past, before)).toBe('Go on?');
    expect(await completed(notYet, behind)).toBe('check, greet, pay');
    expect(await completed(past, behind)).toBe('check, pay');
  });

  it('goes the same way wherever and however often it is asked', async () => {
    const often: Code = async (task, step) => {
      const first = task.patched('greets first');
      if (first) await step('greet');
      for (const name of ['check', 'pay']) await step(name);
      const again = await task.branch('aside', async () => task.patched('greets first'));
      await step(`${first} ${again}`);
    };
    const old = await begun(before);
    const fresh = await begun(often);
    expect(await completed(old, often)).toBe('check, pay, false false');
    expect(await completed(fresh, often)).toBe('greet, check, pay, true true');
  });

  it('is for new tasks in branches side by side, too', async () => {
    const branches =
      (patch: boolean): Code =>
      async (task, step) => {
        await Promise.all(
          ['a', 'b'].map((name) =>
            task.branch(name, async () => {
              if (patch && task.patched(`greets in ${name}`)) await task.step('greet', () => name);
              await task.step('check', () => name);
            }),
          ),
        );
        await step('pay');
      };
    const old = await begun(branches(false));
    const fresh = await begun(branches(true));
    const stepsOf = async (id: string): Promise<number> => {
      const { body } = await call('GET', `${url}/tasks/${id}/steps`);
      return (JSON.stringify(body).match(/"name":"greet"/g) ?? []).length;
    };
    expect([await completed(old, branches(true)), await stepsOf(old)]).toEqual(['pay', 0]);
    expect([await completed(fresh, branches(true)), await stepsOf(fresh)]).toEqual(['pay', 2]);
  });
});

describe('when a change has become the only way', () => {
  it('the old way may go, and then the call: tasks that went the new way go on', async () => {
    const fresh = await begun(both);
    expect(await next(fresh, newAlone)).toBe('Go on?');
    expect(await completed(fresh, without)).toBe('greet, check, pay');
    expect(await completed(await begun(newAlone), both)).toBe('greet, check, pay');
  });

  it('a task that still needs the old way is held, and says so', async () => {
    for (const gone of [newAlone, without]) {
      const old = await begun(before);
      expect(await held(old, gone)).toBe('Held: Finished: step "check"; the code now runs: step "greet".');
    }
  });

  it('a task that went the new way is held by a rollback to the code before it', async () => {
    const fresh = await begun(both);
    expect(await held(fresh, before)).toBe('Held: Finished: step "greet"; the code now runs: step "check".');
  });
});

it('an id that was used for an earlier change does not let a later one in unnoticed', async () => {
  const reused: Code = async (task, step) => {
    if (task.patched('greets first')) await step('greet');
    await step('check');
    if (task.patched('greets first')) await step('greet again');
    await step('pay');
  };
  const fresh = await begun(both);
  for (const step of ['check', 'pay']) expect([step, await next(fresh, both)]).toEqual([step, 'Go on?']);
  expect(await held(fresh, reused)).toBe('Held: Finished: step "pay"; the code now runs: step "greet again".');
});
