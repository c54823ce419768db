/** A task's inbox: what is taken from it is recorded, so that a run that goes on takes the same. */
import type { Clock } from '../platform/clock.js';
import type { JournalRun } from '../runs/journal-run.js';
import type { Message } from '../sessions/message.js';
import { contentOf } from './content.js';
import type { Waits } from './run-waits.js';
import type { TaskInbox } from './task-context.js';

const LOOK_EVERY_MS = 300;

interface Parts {
  readonly run: JournalRun;
  /** The messages behind the first `taken`, `most` of them. */
  readonly read: (taken: number, most?: number) => Promise<readonly Message[]>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly waits: Waits;
}

export function runInbox({ run, read, clock, signal, waits }: Parts): TaskInbox {
  /** Whether this run has asked for them yet or not: no two flows are given the same. */
  let taken = run.recorded('inbox').reduce((sum: number, messages) => sum + (messages as readonly Message[]).length, 0);
  let looking: Promise<unknown> = Promise.resolve();
  const look = (most?: number): Promise<readonly Message[]> => {
    const found = looking.then(async () => {
      const messages = await read(taken, most);
      taken += messages.length;
      return messages;
    });
    looking = found.catch(() => undefined);
    return found;
  };
  /** The next message, until `at`; null: however long it takes. */
  const next = async (at: number | null): Promise<readonly Message[]> => {
    for (;;) {
      const [first] = await look(1);
      if (first !== undefined) return [first];
      if (at !== null && clock.now().getTime() >= at) return [];
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  };
  return {
    take: async () => {
      const messages = await run.once({ kind: 'inbox', name: 'take' }, async (operation) =>
        run.keep(operation, await look()),
      );
      return messages.map((message) => contentOf(message.parts));
    },
    wait: async ({ timeoutMs = Infinity } = {}) => {
      const until = (): number | null => (timeoutMs === Infinity ? null : clock.now().getTime() + timeoutMs);
      const waiting = (at: number | null): Promise<readonly Message[]> =>
        waits.during({ at: at ?? Infinity, known: taken }, () => next(at));
      const [message] = await run.wait({ kind: 'inbox', name: 'wait' }, until, waiting);
      return message === undefined ? undefined : contentOf(message.parts);
    },
  };
}
