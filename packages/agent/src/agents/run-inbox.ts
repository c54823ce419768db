/** A task's inbox: what is taken from it is recorded, so that a run that goes on takes the same. */
import type { Clock } from '../platform/clock.js';
import type { JournalRun } from '../runs/journal-run.js';
import type { Message } from '../sessions/message.js';
import type { TaskWait } from '../tasks/task-wait.js';
import { contentOf } from './content.js';
import { checkMs, type Waits } from './run-waits.js';
import type { TaskInbox } from './task-context.js';

/** Where the task's messages are. */
export interface InboxSource {
  /** The messages behind the first `taken`, `most` of them. */
  readonly read: (taken: number, most?: number) => Promise<readonly Message[]>;
  /** Tells of what is committed to the task from now on. */
  readonly news: () => TaskWait;
}

interface Parts {
  readonly run: JournalRun;
  readonly source: InboxSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly waits: Waits;
}

export function runInbox({ run, source, clock, signal, waits }: Parts): TaskInbox {
  const left = unread(run, source);
  let looking: Promise<unknown> = Promise.resolve();
  const look = (over: AbortSignal | undefined, most?: number): Promise<readonly Message[]> => {
    const found = looking.then(async () => {
      await left.find(most);
      over?.throwIfAborted();
      return left.take(most);
    });
    looking = found.catch(() => undefined);
    return found;
  };
  /** The next message, until `at`; null: however long it takes. */
  const next = async (at: number | null, given: AbortSignal | undefined): Promise<readonly Message[]> => {
    const news = source.news();
    const over = new AbortController();
    const waiting = AbortSignal.any([signal, over.signal, ...(given === undefined ? [] : [given])]);
    let late: Promise<void> | undefined;
    try {
      for (;;) {
        const [first] = await look(given, 1);
        if (first !== undefined) return [first];
        if (at !== null && clock.now().getTime() >= at) return [];
        late ??= at === null ? new Promise(() => undefined) : clock.sleep(at - clock.now().getTime(), waiting);
        await Promise.race([news.next(waiting), late]);
      }
    } finally {
      over.abort();
      news.leave();
    }
  };
  /** An attempt of a step that is over takes nothing. */
  const lent = <Result>(work: (over?: AbortSignal) => Promise<Result>): Promise<Result> =>
    run.openStep()?.attempt.lend(work) ?? work();
  return {
    take: async () => {
      const messages = await lent((over) =>
        run.once({ kind: 'inbox', name: 'take' }, async (operation) => run.keep(operation, await look(over))),
      );
      return messages.map((message) => contentOf(message.parts));
    },
    wait: async ({ timeoutMs = Infinity } = {}) => {
      if (timeoutMs !== Infinity) checkMs('inbox.wait: timeoutMs', timeoutMs);
      const until = (): number | null => (timeoutMs === Infinity ? null : clock.now().getTime() + timeoutMs);
      const [message] = await lent((over) =>
        run.wait({ kind: 'inbox', name: 'wait' }, until, (at) =>
          waits.during({ at: at ?? Infinity, known: left.given }, () => next(at, over)),
        ),
      );
      return message === undefined ? undefined : contentOf(message.parts);
    },
  };
}

interface Unread {
  /** How many were given to somebody, in this run or in earlier ones. */
  readonly given: number;
  /** Looks for the next `most`, or for all. */
  find(most: number | undefined): Promise<void>;
  /** The next `most` of those that were found, or all. */
  take(most: number | undefined): readonly Message[];
}

/**
 * What nobody has been given, whether this run has asked for what was given yet or not. By the ids: of what was given, a
 * retry may have forgotten any.
 */
function unread(run: JournalRun, source: InboxSource): Unread {
  const before = new Set(
    run.recorded('inbox').flatMap((given) => (given as readonly Message[]).map(({ messageId }) => messageId)),
  );
  let given = before.size;
  /** How many were looked at. */
  let seen = 0;
  let found: Message[] = [];
  return {
    get given() {
      return given;
    },
    find: async (most) => {
      while (most === undefined || found.length < most) {
        const asked = most === undefined ? undefined : most + Math.max(0, before.size - seen);
        const messages = await source.read(seen, asked);
        seen += messages.length;
        for (const message of messages) if (!before.has(message.messageId)) found.push(message);
        if (asked === undefined || messages.length < asked) return;
      }
    },
    take: (most = found.length) => {
      const taken = found.slice(0, most);
      found = found.slice(most);
      given += taken.length;
      return taken;
    },
  };
}
