/** What an agent says counts, whichever way it says it: answers, questions, stages, failures and session state. */
import 'reflect-metadata';
import { beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { startNestServer } from '../support/nest-server.js';
import { at, call, textAt } from '../support/http-calls.js';

const LARGE = 200_000;
const large = 'ä'.repeat(LARGE);

@A2AAgent({ type: 'test', name: 'says', description: 'Says much.' })
class SayingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    if (task.text === 'answer') return large;
    if (task.text === 'question') return (await task.requestInput(large)).text;
    if (task.text === 'failure') throw new Error(large, { cause: new Error(large) });
    if (task.text === 'message') return (await this.saveAgentResponseToSession(task, large)) ? 'Saved.' : 'Not saved.';
    if (task.text === 'state') await task.session.state.set('large', large.repeat(5));
    await task.progress(0.5, large);
    return 'Done.';
  }
}

let url: string;

beforeAll(async () => {
  ({ url } = await startNestServer([SayingAgent], { CONTINUO_LIMIT_MESSAGE_BYTES: '100000' }));
});

async function ended(message: string): Promise<unknown> {
  const { body } = await call('POST', `${url}/agents/test/says/tasks`, { body: { message, wait: true } });
  return body;
}

it.each([
  ['answer', /100000 bytes/],
  ['question', /100000 bytes/],
  ['message', /said a message of more than 100000 bytes/],
  ['state', /1000000 bytes/],
  ['failure', /^ä+…$/],
])('a large %s fails the task, and says so in few words', async (what, reason) => {
  const task = await ended(what);
  expect(at(task, 'status', 'state')).toBe('TASK_STATE_FAILED');
  expect(textAt(task, 'status', 'message', 'parts', 0, 'text')).toMatch(reason);
  expect(JSON.stringify(task).length).toBeLessThan(LARGE);
});

it('a long stage of the progress is cut', async () => {
  const id = textAt(await ended('stage'), 'id');
  const log = await (await fetch(`${url}/tasks/${id}/events?follow=false`)).text();
  expect(log).toMatch(/"stage":"ä{2000,}…"/);
  expect(log.length).toBeLessThan(LARGE);
});
