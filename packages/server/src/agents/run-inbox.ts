/** A task's inbox: what is taken from it is recorded, so that a run that goes on takes the same. */
import type { Clock } from '../platform/clock.js';
import type { JournalRun } from '../runs/journal-run.js';
import type { Message } from '../sessions/message.js';
import { contentOf } from './content.js';
import type { TaskInbox } from './task-context.js';

const LOOK_EVERY_MS = 300;

export function runInbox(
  run: JournalRun,
  read: (taken: number, most?: number) => Promise<readonly Message[]>,
  clock: Clock,
  signal: AbortSignal,
): TaskInbox {
  let taken = 0;
  const takeUpTo = async (name: string, look: () => Promise<readonly Message[]>): Promise<readonly Message[]> => {
    const messages = await run.once({ kind: 'inbox', name }, async (operation) => {
      return run.keep(operation, await look());
    });
    taken += messages.length;
    return messages;
  };
  return {
    take: async () => {
      const messages = await takeUpTo('take', () => read(taken));
      return messages.map((message) => contentOf(message.parts));
    },
    wait: async ({ timeoutMs = Infinity } = {}) => {
      const [message] = await takeUpTo('wait', async () => {
        const until = clock.now().getTime() + timeoutMs;
        for (;;) {
          const [first] = await read(taken, 1);
          if (first !== undefined) return [first];
          if (clock.now().getTime() >= until) return [];
          await clock.sleep(LOOK_EVERY_MS, signal);
        }
      });
      return message === undefined ? undefined : contentOf(message.parts);
    },
  };
}
