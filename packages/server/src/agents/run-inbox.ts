/** A task's inbox: what is taken from it is recorded, so that a run that goes on takes the same. */
import type { Clock } from '../platform/clock.js';
import type { JournalRun } from '../runs/journal-run.js';
import type { Message } from '../sessions/message.js';
import { contentOf } from './content.js';
import type { RunWaits } from './run-waits.js';
import type { TaskInbox } from './task-context.js';

const LOOK_EVERY_MS = 300;

interface Parts {
  readonly run: JournalRun;
  /** The messages behind the first `taken`, `most` of them. */
  readonly read: (taken: number, most?: number) => Promise<readonly Message[]>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly waits: RunWaits;
}

export function runInbox({ run, read, clock, signal, waits }: Parts): TaskInbox {
  let taken = 0;
  const counted = async (take: Promise<readonly Message[]>): Promise<readonly Message[]> => {
    const messages = await take;
    taken += messages.length;
    return messages;
  };
  /** The next message, until `at`; null: however long it takes. */
  const next = async (at: number | null): Promise<readonly Message[]> => {
    for (;;) {
      const [first] = await read(taken, 1);
      if (first !== undefined) return [first];
      if (at !== null && clock.now().getTime() >= at) return [];
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  };
  return {
    take: async () => {
      const messages = await counted(
        run.once({ kind: 'inbox', name: 'take' }, async (operation) => run.keep(operation, await read(taken))),
      );
      return messages.map((message) => contentOf(message.parts));
    },
    wait: async ({ timeoutMs = Infinity } = {}) => {
      const until = (): number | null => (timeoutMs === Infinity ? null : clock.now().getTime() + timeoutMs);
      const waiting = (at: number | null): Promise<readonly Message[]> =>
        waits.during({ at: at ?? Infinity, known: taken }, () => next(at));
      const [message] = await counted(run.wait({ kind: 'inbox', name: 'wait' }, until, waiting));
      return message === undefined ? undefined : contentOf(message.parts);
    },
  };
}
