/** `travel/planner`, in memory, with members that answer what is written here; and a member by itself. */
import { testTask } from '@continuo/agent/testing';
import { expect, it } from 'vitest';
import { GuideAgent } from '../src/agents/guide.agent.js';
import { PlannerAgent } from '../src/agents/planner.agent.js';

const calls = {
  'travel/guide': [{ data: ['Day 1: Alfama', 'Day 2: Sintra'] }],
  'travel/meteorologist': 'Bring an umbrella.',
  'travel/accountant': [{ data: 240 }],
};

it('makes a plan of what the team says, once the costs are all right', async () => {
  const task = await testTask(PlannerAgent, {
    text: '2 days in Lisbon',
    calls,
    answers: { '2 days in Lisbon cost 240 EUR. Is that all right?': 'yes' },
  });
  expect(task.artifacts).toMatchObject([{ name: 'plan.md' }]);
  expect(task.artifacts[0]?.parts[0]?.text).toBe(
    '# Lisbon\n\n- Day 1: Alfama\n- Day 2: Sintra\n\nBring an umbrella.\n\nTotal: 240 EUR',
  );
});

it('plans without the weather when nobody knows it', async () => {
  const task = await testTask(PlannerAgent, {
    text: '2 days in Lisbon',
    calls: { ...calls, 'travel/meteorologist': new Error('No signal') },
    answers: ['yes'],
  });
  expect(task.artifacts[0]?.parts[0]?.text).not.toContain('umbrella');
});

it('asks the team once, whatever happens while it waits for the answer', async () => {
  const task = await testTask(PlannerAgent, { text: '2 days in Lisbon', calls, answers: ['no'] });
  expect(task.calls.map(({ agent }) => agent)).toEqual(Object.keys(calls));
  expect((await task.crashAfter()).outcome).toEqual(task.outcome);
});

it('the guide has something for each day', async () => {
  const task = await testTask(GuideAgent, { data: { city: 'Vienna', days: 2 } });
  expect(task.data).toEqual(['Day 1: Schönbrunn', 'Day 2: the Naschmarkt']);
});
