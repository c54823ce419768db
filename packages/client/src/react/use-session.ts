/** `useSession`: a conversation as it goes on, and what can be said in it. */
import { useCallback, useMemo } from 'react';
import type { ContinuoApiError } from '../api-error.js';
import type { ContinuoClient } from '../client.js';
import type { Connection } from '../event-stream.js';
import { hasEnded } from '../fold.js';
import type { Said } from '../said.js';
import type { Session, SessionMessage, Task } from '../schema.generated.js';
import { TaskFold } from '../task-fold.js';
import { Live, type Telling } from './live.js';
import { useContinuo } from './provider.js';
import { SessionHistory } from './session-history.js';
import { useAction } from './use-action.js';
import { useLive } from './use-live.js';

interface SessionState {
  readonly session: Session | undefined;
  readonly messages: readonly SessionMessage[];
  readonly running: readonly Task[];
  readonly hasEarlier: boolean;
}

/** What `useSession` gives a component. */
export interface UsedSession extends SessionState {
  /** Undefined until it has been read. */
  readonly session: Session | undefined;
  /** What was said, oldest first: the newest 50 messages, those that come, and those that `loadEarlier` has read. */
  readonly messages: readonly SessionMessage[];
  /** Whether something was said before the first of `messages`. */
  readonly hasEarlier: boolean;
  /** The tasks of the session that have not ended, as they go on; of those that wait, `isWaiting(task.status.state)`. */
  readonly running: readonly Task[];
  /** Of its events: `lost` means that it is being opened again. */
  readonly connection: Connection | undefined;
  /** An action is under way. */
  readonly pending: boolean;
  /** Why the last action was refused, or why there are no more events. */
  readonly error: ContinuoApiError | undefined;
  /** Reads up to 50 messages before the first of `messages`; when there are none it does nothing. */
  readonly loadEarlier: () => Promise<void>;
  /** Calls an agent (`type/name`) in the session. Gives undefined when that was refused; see `error`. */
  readonly send: (agent: string, said: Said) => Promise<Task | undefined>;
  /** Answers a task that asks. */
  readonly answer: (taskId: string, said: Said) => Promise<Task | undefined>;
  /** Cancels a task of the session. */
  readonly cancel: (taskId: string) => Promise<Task | undefined>;
}

/**
 * A session, live: what was said and what runs in it, over one stream for all of its tasks that goes on where it was when the
 * connection breaks, and ends when the component is unmounted. `owner`: of a session that somebody else shares. Actions don't
 * throw: what was refused is in `error`.
 *
 * @example
 * const { messages, hasEarlier, loadEarlier, running, send } = useSession(sessionId);
 * return (
 *   <>
 *     {hasEarlier && <button onClick={() => void loadEarlier()}>Earlier messages</button>}
 *     {messages.map(({ seq, message }) => <p key={seq}>{textOf(message)}</p>)}
 *     {running.map((task) => <p key={task.id}>{answerOf(task)} …</p>)}
 *     <button onClick={() => void send('context/assistant', 'Go on')}>Go on</button>
 *   </>
 * );
 */
export function useSession(id: string | undefined, { owner }: { readonly owner?: string } = {}): UsedSession {
  const client = useContinuo();
  const { pending, error: refusal, run } = useAction();
  const followed = useMemo(
    () => (id === undefined ? undefined : new FollowedSession(client, id, owner)),
    [client, id, owner],
  );
  const shown = useLive(followed?.live, EMPTY);
  const send = useCallback(
    (agent: string, said: Said) =>
      run(() => {
        if (id === undefined) throw new Error('There is no session yet.');
        return client.agents.send(agent, said, { sessionId: id, owner });
      }),
    [client, run, id, owner],
  );
  return {
    ...shown.state,
    connection: shown.connection,
    pending,
    error: refusal ?? shown.error,
    loadEarlier: useCallback(async () => {
      await run(async () => followed?.loadEarlier());
    }, [run, followed]),
    send,
    answer: useCallback((task, said) => run(() => client.tasks.answer(task, said, { owner })), [client, run, owner]),
    cancel: useCallback((taskId) => run(() => client.tasks.cancel(taskId, { owner })), [client, run, owner]),
  };
}

const EMPTY: SessionState = { session: undefined, messages: [], running: [], hasEarlier: false };

class FollowedSession {
  readonly live: Live<SessionState>;
  /** Another one when what is known is worth nothing any more: pages that are still on their way belong to that before. */
  #history: SessionHistory;
  #tell = (): void => undefined;

  constructor(
    private readonly client: ContinuoClient,
    private readonly id: string,
    private readonly owner: string | undefined,
  ) {
    this.#history = new SessionHistory(client, id, owner);
    this.live = new Live(EMPTY, (telling) => this.#follow(telling));
  }

  async loadEarlier(): Promise<void> {
    await this.#history.readEarlier();
    this.#tell();
  }

  /** Folds what the tasks tell from their beginning, and reads what was said whenever there is more of it. */
  async #follow({ signal, show, onConnection }: Telling<SessionState>): Promise<void> {
    const { client, id, owner } = this;
    const session = await client.sessions.get(id, { owner, signal });
    const folds = new Map<string, TaskFold>();
    const tell = (): void => {
      const { messages, hasEarlier } = this.#history;
      show({ session, messages, hasEarlier, running: [...folds.values()].map(({ task }) => task) });
    };
    this.#tell = tell;
    const reading = new Reading(async () => {
      await this.#history.readNewest(signal);
      tell();
    });
    reading.again();
    const onReset = (): void => {
      folds.clear();
      this.#history = new SessionHistory(client, id, owner);
      reading.again();
    };
    for await (const { taskId, event } of client.sessions.events(id, { owner, signal, onConnection, onReset })) {
      const fold = (folds.get(taskId) ?? new TaskFold()).add(event);
      if (hasEnded(fold.task.status.state)) folds.delete(taskId);
      else folds.set(taskId, fold);
      if (event.artifactUpdate === undefined) reading.again();
      tell();
    }
  }
}

/** Reads one after the other, however often it is asked to: what comes meanwhile is in the next. */
class Reading {
  #isReading = false;
  #isStale = false;

  constructor(private readonly read: () => Promise<void>) {}

  again(): void {
    this.#isStale = true;
    if (!this.#isReading) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isReading = true;
    while (this.#isStale) {
      this.#isStale = false;
      // What can't be read now is read with the next event; what ends the stream tells why.
      await this.read().catch(() => undefined);
    }
    this.#isReading = false;
  }
}
