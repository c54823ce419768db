/** Questions of several branches at once, and the steps beside them: each step runs once, whatever is asked meanwhile. */
import 'reflect-metadata';
import { beforeAll, expect, it } from 'vitest';
import type { TaskContext } from '../../src/index.js';
import { saidBy } from '../support/answers.js';
import { call, textAt } from '../support/http-calls.js';
import { begin, startTroubled, stateOf } from '../support/troubled-agent.js';

let url: string;

beforeAll(async () => {
  url = await startTroubled();
});

/** Answers what is asked until nothing is, by the question; gives back what was asked. */
async function answered(asked: unknown, answers: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const questions: string[] = [];
  const taskId = textAt(asked, 'id');
  for (let task = asked; stateOf(task) === 'INPUT_REQUIRED';) {
    questions.push(saidBy(task));
    const message = { taskId, parts: [{ text: answers[saidBy(task)] ?? 'yes' }] };
    ({ body: task } = await call('POST', `${url}/agents/test/troubled/tasks`, { body: { message, wait: true } }));
  }
  return questions;
}

it('steps before, behind and beside the questions of branches run once', async () => {
  const ran: string[] = [];
  const one = (task: TaskContext, name: string): Promise<void> =>
    task.branch(name, async () => {
      await task.step('prepare', () => ran.push(`prepare ${name}`));
      const { text } = await task.requestInput(`${name}?`);
      await task.step('use', () => new Promise((resolve) => setImmediate(resolve)));
      await task.step('note', () => ran.push(`${name}: ${text}`));
    });
  const asked = await begin((task) => Promise.all(['a', 'b', 'c'].map((name) => one(task, name))));
  const answers = { 'a?': 'one', 'b?': 'two', 'c?': 'three' };
  expect(await answered(asked, answers)).toEqual(['a?', 'b?', 'c?', 'Once more?']);
  expect(ran.toSorted()).toEqual(['a: one', 'b: two', 'c: three', 'prepare a', 'prepare b', 'prepare c']);
});

it('a step that goes on for long does not keep a question from being asked', async () => {
  let tries = 0;
  const asked = await begin((task) =>
    Promise.all([
      task.requestInput('Now?'),
      task.step('long', () => {
        tries += 1;
        return tries === 1 ? new Promise(() => undefined) : undefined;
      }),
    ]),
  );
  expect(await answered(asked, {})).toEqual(['Now?', 'Once more?']);
  expect(tries).toBe(2);
});
