/** An agent that does what a test gives it in two runs, and what is seen of that. */
import 'reflect-metadata';
import { expect } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { saidBy } from './answers.js';
import { call, textAt } from './http-calls.js';
import { startNestServer } from './nest-server.js';

export type Body = (task: TaskContext, run: Run) => Promise<unknown>;

/** What a task's runs did, from the first to the last. */
export interface Run {
  /** What really ran. */
  readonly ran: unknown[];
  /** What this run saw. */
  readonly seen: unknown[];
}

const bodies = new Map<string, Body>();
const runs = new Map<string, Run[]>();

/** Does what the test has put under the text of its task, then asks, so that a second run finds again what the first did. */
async function twice(task: TaskContext): Promise<string> {
  const of = runs.get(task.id) ?? [];
  const run = { ran: of[0]?.ran ?? [], seen: [] };
  runs.set(task.id, [...of, run]);
  await bodies.get(task.text)?.(task, run);
  await task.requestInput('Once more?', { name: 'once more' });
  return 'Done twice.';
}

@A2AAgent({ type: 'test', name: 'troubled', description: 'Does what it should not.' })
class TroubledAgent extends A2AAgentBaseService {
  override execute(task: TaskContext): Promise<string> {
    return twice(task);
  }
}

@A2AAgent({ type: 'test', name: 'hurried', description: 'Does it within a second.', timeoutMs: 1000 })
class HurriedAgent extends A2AAgentBaseService {
  override execute(task: TaskContext): Promise<string> {
    return twice(task);
  }
}

@A2AAgent({ type: 'test', name: 'echoing', description: 'Gives back what it is told.' })
class EchoingAgent extends A2AAgentBaseService {
  override execute(task: TaskContext): Promise<string> {
    return Promise.resolve(task.text);
  }
}

let url: string;

/** Serves them until the file ends; gives back the server's address. */
export async function startTroubled(): Promise<string> {
  ({ url } = await startNestServer([TroubledAgent, HurriedAgent, EchoingAgent], { CONTINUO_MAX_RUNS: '3' }));
  return url;
}

/** The task of this body, as soon as it has ended or asks. */
export async function begin(body: Body, agent = 'troubled'): Promise<unknown> {
  const name = `body ${bodies.size + 1}`;
  bodies.set(name, body);
  return (await call('POST', `${url}/agents/test/${agent}/tasks`, { body: { message: name, wait: true } })).body;
}

export const stateOf = (task: unknown): string => textAt(task, 'status', 'state').replace('TASK_STATE_', '');

/** Why the task of this body has failed. */
export async function failure(body: Body, agent?: string): Promise<string> {
  const task = await begin(body, agent);
  expect([stateOf(task), saidBy(task)]).toEqual(['FAILED', expect.anything()]);
  return saidBy(task);
}

/** What really ran, and what each of two runs saw. */
export async function both(
  body: Body,
): Promise<{ readonly ran: unknown; readonly first: unknown; readonly second: unknown }> {
  const asked = await begin(body);
  expect([stateOf(asked), saidBy(asked)]).toEqual(['INPUT_REQUIRED', 'Once more?']);
  const taskId = textAt(asked, 'id');
  const message = { taskId, parts: [{ text: 'yes' }] };
  const { body: done } = await call('POST', `${url}/agents/test/troubled/tasks`, { body: { message, wait: true } });
  expect([stateOf(done), saidBy(done)]).toEqual(['COMPLETED', 'Done twice.']);
  const [first, second] = runs.get(taskId) ?? [];
  return { ran: first?.ran, first: first?.seen, second: second?.seen };
}
