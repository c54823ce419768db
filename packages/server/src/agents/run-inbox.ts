/** A task's inbox: what is taken from it is a step, so that a recovered run takes the same. */
import type { Clock } from '../platform/clock.js';
import type { Message } from '../sessions/message.js';
import { contentOf } from './content.js';
import type { TaskContext, TaskInbox } from './task-context.js';

const LOOK_EVERY_MS = 300;

export function runInbox(
  task: Pick<TaskContext, 'step' | 'signal'>,
  read: (taken: number, most?: number) => Promise<readonly Message[]>,
  clock: Clock,
): TaskInbox {
  let taken = 0;
  const takeUpTo = async (name: string, look: () => Promise<readonly Message[]>): Promise<readonly Message[]> => {
    const messages = await task.step(name, look);
    taken += messages.length;
    return messages;
  };
  return {
    take: async () => {
      const messages = await takeUpTo('take the inbox', () => read(taken));
      return messages.map((message) => contentOf(message.parts));
    },
    wait: async ({ timeoutMs = Infinity } = {}) => {
      const [message] = await takeUpTo('wait for the inbox', async () => {
        const until = clock.now().getTime() + timeoutMs;
        for (;;) {
          const [first] = await read(taken, 1);
          if (first !== undefined) return [first];
          if (clock.now().getTime() >= until) return [];
          await clock.sleep(LOOK_EVERY_MS, task.signal);
        }
      });
      return message === undefined ? undefined : contentOf(message.parts);
    },
  };
}
