/** What changes while it is read for the first time is read once more, as nothing else would tell of it. */
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { readAgain } from '../src/api/read-again.js';

const client = new QueryClient();
afterEach(() => client.clear());

/** A query that is shown, and answers with what there was when each of its reads began. */
function shown(key: string): {
  change: (to: string) => void;
  answer: () => void;
  waiting: () => number;
  read: () => unknown;
} {
  let now = 'working';
  let answers: (() => void)[] = [];
  const queryFn = (): Promise<string> => {
    const seen = now;
    return new Promise((resolve) => answers.push(() => resolve(seen)));
  };
  new QueryObserver(client, { queryKey: [key], queryFn }).subscribe(() => undefined);
  return {
    change: (to) => (now = to),
    answer: () => {
      for (const answer of answers) answer();
      answers = [];
    },
    waiting: () => answers.length,
    read: () => client.getQueryData([key]),
  };
}

it('reads again what changed while it was read for the first time', async () => {
  const task = shown('task');
  task.change('asks');
  const again = readAgain(client, { queryKey: ['task'] });
  task.answer();
  await vi.waitFor(() => expect(task.waiting()).toBe(1));
  task.answer();
  await again;
  expect(task.read()).toBe('asks');
});

it('reads once what had been read before, and nothing that it was not asked for', async () => {
  const [task, other] = [shown('task'), shown('other')];
  task.answer();
  other.answer();
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  task.change('asks');
  other.change('asks');
  const again = readAgain(client, { queryKey: ['task'] });
  task.answer();
  await again;
  expect([task.read(), other.read(), client.isFetching()]).toEqual(['asks', 'working', 0]);
});
