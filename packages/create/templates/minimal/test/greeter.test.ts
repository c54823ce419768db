/** `demo/greeter`, in memory: what it answers, and what a crash would do to it. */
import { testTask } from '@continuo/agent/testing';
import { expect, it } from 'vitest';
import { GreeterAgent } from '../src/agents/greeter.agent.js';

it('greets whoever writes by name', async () => {
  const task = await testTask(GreeterAgent, { text: 'Ada' });
  expect(task.state).toBe('COMPLETED');
  expect(task.text).toMatch(/^Good (morning|afternoon|evening), Ada! This is greeting number 1 /);
});

it('goes on counting in a session', async () => {
  const task = await testTask(GreeterAgent, { text: 'Ada', session: { state: { greetings: 41 } } });
  expect(task.text).toContain('greeting number 42');
  expect(task.sessionState).toEqual({ greetings: 42 });
});

it('says the same when the server dies after any of its steps', async () => {
  const task = await testTask(GreeterAgent, { text: 'Ada' });
  expect((await task.crashAfter()).outcome).toEqual(task.outcome);
});
