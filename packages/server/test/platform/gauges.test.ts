/** Gauges of more agents than are told apart: what is told as one is added up, and what is gone counts no more. */
import { expect, it } from 'vitest';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { Shown } from '../../src/platform/metrics/shown.js';

async function sumOfOthers(metrics: Metrics, name: string): Promise<number | undefined> {
  const text = await metrics.text(new Map([['one', await metrics.counts()]]));
  const line = text.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes('agent="other"'));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

it('adds up what more than five hundred agents have', async () => {
  const metrics = new Metrics();
  metrics.load();
  const held = new Shown(metrics.record.held);
  const of = (from: number, to: number, value: number) =>
    Array.from({ length: to - from }, (_, index) => ({ labels: { agent: `many/agent-${from + index}` }, value }));
  held.set(of(0, 600, 2));
  expect(await sumOfOthers(metrics, 'continuo_tasks_held')).toBe(200);
  held.set(of(0, 550, 3));
  expect(await sumOfOthers(metrics, 'continuo_tasks_held')).toBe(150);
  held.set(of(0, 10, 1));
  expect(await sumOfOthers(metrics, 'continuo_tasks_held')).toBe(0);
});
