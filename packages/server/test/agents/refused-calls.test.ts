/** Calls that are refused: what was told once holds in every later run, whatever has come to be there meanwhile. */
import 'reflect-metadata';
import { beforeAll, describe, expect, it } from 'vitest';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import {
  A2AAgent,
  A2AAgentBaseService,
  type AgentAnswer,
  type ContinuoError,
  type TaskContext,
} from '../../src/index.js';
import { saidBy } from '../support/answers.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startNestServer } from '../support/nest-server.js';
import { type SeenTrace } from '../support/trace-reader.js';
import { stateOf } from '../support/troubled-agent.js';
import { until } from '../support/until.js';

/** What became of calls, run by run, and which tasks did without. */
const told: string[] = [];
const ran: string[] = [];

/** Called when an attempt of a step was refused. */
let onRefused: () => void = () => undefined;

interface Asked {
  readonly agent: string;
  readonly maxTokens?: number;
  /** Does without an answer. */
  readonly catches?: boolean;
}

/** Calls the agent that it is told, does without it if it may, and asks. */
@A2AAgent({ type: 'test', name: 'caller', description: 'Calls others.' })
class CallerAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const { agent, maxTokens, catches = false } = task.data as Asked;
    const asked = task.call(agent, 'Who are you?', maxTokens === undefined ? {} : { maxTokens });
    const said = await (catches ? asked.catch((error: unknown) => without(task, error)) : asked);
    await task.requestInput('Once more?', { name: 'once more' });
    return said.text;
  }
}

function without(task: TaskContext, error: unknown): Promise<{ readonly text: string }> {
  const { code, field, expected, message } = error as ContinuoError;
  told.push(JSON.stringify([task.id, code, field, expected, message]));
  return task.step('do without', () => {
    ran.push(task.id);
    return { text: 'Nobody.' };
  });
}

/** Calls several, one of which may not be there, and asks. */
@A2AAgent({ type: 'test', name: 'lenient', description: 'Takes what it gets.' })
class LenientAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const { agent, maxTokens } = task.data as Asked;
    const results = await task.callAll([
      { agent: 'function/echo', input: 'first' },
      { agent, input: 'second', onFailure: 'ignore', ...(maxTokens === undefined ? {} : { maxTokens }) },
      { agent: 'function/echo', input: 'third' },
    ]);
    const single = await task.call(agent, 'alone', { onFailure: 'ignore' });
    await task.requestInput('Once more?', { name: 'once more' });
    return [{ data: [...results, single].map(({ text, error, taskId }) => ({ text, error, known: taskId !== '' })) }];
  }
}

let url: string;
let registry: AgentRegistry;

beforeAll(async () => {
  const { app, url: address } = await startNestServer([CallerAgent, PatientAgent, LenientAgent, EchoAgent], {});
  url = address;
  registry = app.get(AgentRegistry);
});

/** Calls it in a step, which is tried again. */
@A2AAgent({ type: 'test', name: 'patient', description: 'Calls until somebody is there.' })
class PatientAgent extends A2AAgentBaseService {
  override execute(task: TaskContext): Promise<string> {
    const work = async (): Promise<string> => {
      try {
        return (await task.call('test/latest', 'Who are you?')).text;
      } catch (error) {
        onRefused();
        throw error;
      }
    };
    return task.step('ask', work, { retryDelayMs: 1 });
  }
}

async function begin(data: Asked, agent = 'test/caller'): Promise<unknown> {
  const { body } = await call('POST', `${url}/agents/${agent}/tasks`, {
    body: { message: { parts: [{ data }] }, wait: true },
  });
  return body;
}

async function answer(task: unknown, agent = 'test/caller'): Promise<unknown> {
  const message = { taskId: textAt(task, 'id'), parts: [{ text: 'yes' }] };
  return (await call('POST', `${url}/agents/${agent}/tasks`, { body: { message, wait: true } })).body;
}

/** As a deploy brings it. */
function comes(name: string): void {
  @A2AAgent({ type: 'test', name, description: 'Comes later.' })
  class LateAgent extends A2AAgentBaseService {
    override execute(): Promise<string> {
      return Promise.resolve('I came late.');
    }
  }
  registry.add(new LateAgent());
}

/** What the task's runs were told. */
const toldTo = (task: unknown): readonly unknown[] =>
  told
    .map((line) => JSON.parse(line) as unknown[])
    .flatMap(([id, ...what]) => (id === textAt(task, 'id') ? [what] : []));

describe('a call of an agent that is not there', () => {
  it('stays refused in later runs, also when the agent has come: what the code did instead is found again', async () => {
    const asked = await begin({ agent: 'test/late', catches: true });
    expect([stateOf(asked), saidBy(asked)]).toEqual(['INPUT_REQUIRED', 'Once more?']);
    comes('late');
    const done = await answer(asked);
    expect([stateOf(done), saidBy(done)]).toEqual(['COMPLETED', 'Nobody.']);
    const refusal = ['AGENT_NOT_FOUND', null, null, 'There is no agent "test/late".'];
    expect(toldTo(done)).toEqual([refusal, refusal]);
    expect(ran.filter((id) => id === textAt(done, 'id'))).toHaveLength(1);
  });

  it('shows in the trace as failed, with why', async () => {
    const asked = await begin({ agent: 'test/nobody', catches: true });
    const { body } = await call('GET', `${url}/tasks/${textAt(asked, 'id')}/trace`);
    const nodes = (body as SeenTrace).runs.flatMap((run) => run.nodes);
    expect(nodes.find(({ kind }) => kind === 'call')).toMatchObject({
      name: 'test/nobody',
      state: 'failed',
      error: { message: 'There is no agent "test/nobody".' },
      child: null,
    });
  });

  it('that ended the task is made again by a retry', async () => {
    const failed = await begin({ agent: 'test/later' });
    expect([stateOf(failed), saidBy(failed)]).toEqual(['FAILED', 'There is no agent "test/later".']);
    comes('later');
    const id = textAt(failed, 'id');
    await call('POST', `${url}/tasks/${id}:retry`);
    const asked = await until(
      async () => {
        const { body } = await call('GET', `${url}/tasks/${id}`);
        return stateOf(body) === 'INPUT_REQUIRED' && { body };
      },
      { what: 'the task to ask' },
    );
    expect(saidBy(await answer(asked.body))).toBe('I came late.');
  });
});

describe('a call of an agent that is not there, whose failure is ignored', () => {
  it('gives a result with the error in its place, in every run, also when the agent has come', async () => {
    const asked = await begin({ agent: 'test/belated' }, 'test/lenient');
    expect([stateOf(asked), saidBy(asked)]).toEqual(['INPUT_REQUIRED', 'Once more?']);
    comes('belated');
    const done = await answer(asked, 'test/lenient');
    const failed = { text: '', error: 'There is no agent "test/belated".', known: false };
    expect(at(done, 'artifacts', 0, 'parts', 0, 'data')).toEqual([
      { text: 'first', known: true },
      failed,
      { text: 'third', known: true },
      failed,
    ]);
  });

  it('fails the task for what is wrong with the call itself', async () => {
    const failed = await begin({ agent: 'function/echo', maxTokens: -1 }, 'test/lenient');
    expect([stateOf(failed), saidBy(failed)]).toEqual(['FAILED', expect.stringContaining('maxTokens: expected')]);
  });
});

describe('a call in a step', () => {
  it('is made again by the next attempt of the step', async () => {
    onRefused = () => comes('latest');
    const { body } = await call('POST', `${url}/agents/test/patient/tasks`, { body: { message: 'Go', wait: true } });
    expect([stateOf(body), saidBy(body)]).toEqual(['COMPLETED', 'I came late.']);
  });
});

describe('a call whose options are refused', () => {
  it('is refused in the same words in every run, the field included', async () => {
    const asked = await begin({ agent: 'test/caller', maxTokens: -1, catches: true });
    const done = await answer(asked);
    expect([stateOf(done), saidBy(done)]).toEqual(['COMPLETED', 'Nobody.']);
    const field = 'metadata["urn:continuo:a2a:tasks:v1"].maxTokens';
    const expected = 'a whole number from 1 to 9007199254740991';
    const refusal = ['INVALID_ARGUMENT', field, expected, `${field}: expected ${expected}`];
    expect(toldTo(done)).toEqual([refusal, refusal]);
  });
});
