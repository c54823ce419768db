/** `useTask`: a task as it goes on, and what can be done with it. */
import { useCallback, useMemo, useState } from 'react';
import type { AgentCallOptions } from '../agents.js';
import type { ContinuoApiError } from '../api-error.js';
import type { ContinuoClient } from '../client.js';
import type { Connection } from '../event-stream.js';
import { hasEnded, isWaiting } from '../fold.js';
import type { Said } from '../said.js';
import type { Task } from '../schema.generated.js';
import { answerOf } from '../text.js';
import { Live, type Telling } from './live.js';
import { useContinuo } from './provider.js';
import { useAction } from './use-action.js';
import { useLive } from './use-live.js';

/** An agent to call: with `send`, not by rendering, so that nothing is done twice. */
export interface TaskCall extends Omit<AgentCallOptions, 'signal'> {
  /** As `type/name`. */
  readonly agent: string;
}

/** What `useTask` gives a component. */
export interface UsedTask {
  /** Undefined before the task is known: before its first event, or before `send`. */
  readonly task: Task | undefined;
  /** What it has answered so far, as text; empty before that. */
  readonly answer: string;
  /** It has ended. */
  readonly hasEnded: boolean;
  /** It waits for `answerWith`. */
  readonly isWaiting: boolean;
  /** Of its events: `lost` means that it is being opened again. Undefined without a stream. */
  readonly connection: Connection | undefined;
  /** An action is under way. */
  readonly pending: boolean;
  /** Why the last action was refused, or why there are no more events. */
  readonly error: ContinuoApiError | undefined;
  /** Calls the agent and follows the new task. Gives undefined when that was refused; see `error`. */
  readonly send: (said: Said) => Promise<Task | undefined>;
  /** Answers the question that the task asks. */
  readonly answerWith: (said: Said) => Promise<Task | undefined>;
  /** Cancels the task. */
  readonly cancel: () => Promise<Task | undefined>;
  /** A new attempt of a task that has failed, was cancelled or is held. */
  readonly retry: (from?: 'failed-step' | 'start') => Promise<Task | undefined>;
}

/**
 * A task, live: its status, progress and answer as they come, over one stream that goes on where it was when the connection
 * breaks, and ends when the component is unmounted; the task itself runs on. `of` is a task's id, or the agent that `send`
 * calls. Rendered on a server it is there without a stream. Actions don't throw: what was refused is in `error`.
 *
 * @example
 * function Chat() {
 *   const { answer, send, isWaiting, answerWith, error } = useTask({ agent: 'context/assistant' });
 *   return (
 *     <form action={(form) => void (isWaiting ? answerWith : send)(String(form.get('text')))}>
 *       <p>{answer}</p>
 *       <input name="text" />
 *       {error && <p role="alert">{error.message}</p>}
 *     </form>
 *   );
 * }
 */
export function useTask(of: string | TaskCall | undefined): UsedTask {
  const client = useContinuo();
  const { pending, error: refusal, run } = useAction();
  const call = typeof of === 'object' ? of : undefined;
  const [sent, setSent] = useState<{ readonly of: string; readonly id: string }>();
  const called = call === undefined ? undefined : `${call.agent} ${call.sessionId ?? ''}`;
  const id = typeof of === 'string' ? of : sent !== undefined && sent.of === called ? sent.id : undefined;
  const owner = call?.owner;
  const live = useMemo(
    () =>
      id === undefined
        ? undefined
        : new Live<Task | undefined>(undefined, (telling) => followOf(client, id, owner, telling)),
    [client, id, owner],
  );
  const shown = useLive(live, undefined);
  const task = shown.state;

  const send = useCallback(
    (said: Said) =>
      run(async () => {
        if (call === undefined || called === undefined) throw new Error('useTask was given no agent to call.');
        const { agent, ...options } = call;
        const begun = await client.agents.send(agent, said, options);
        setSent({ of: called, id: begun.id });
        return begun;
      }),
    [client, run, call, called],
  );
  const change = useCallback(
    (act: (id: string) => Promise<Task>) =>
      run(async () => {
        if (id === undefined) throw new Error('There is no task yet.');
        const changed = await act(id);
        // Its log had come to its end, or goes on behind a question: what comes now is followed again.
        if (live?.read().connection === undefined) live?.restart();
        return changed;
      }),
    [run, id, live],
  );
  return {
    task,
    answer: task === undefined ? '' : answerOf(task),
    hasEnded: task !== undefined && hasEnded(task.status.state),
    isWaiting: task !== undefined && isWaiting(task.status.state),
    connection: shown.connection,
    pending,
    error: refusal ?? shown.error,
    send,
    answerWith: useCallback(
      (said) => change((one) => client.tasks.answer(one, said, { owner })),
      [client, change, owner],
    ),
    cancel: useCallback(() => change((one) => client.tasks.cancel(one, { owner })), [client, change, owner]),
    retry: useCallback((from) => change((one) => client.tasks.retry(one, { owner, from })), [client, change, owner]),
  };
}

async function followOf(
  client: ContinuoClient,
  id: string,
  owner: string | undefined,
  { show, ...options }: Telling<Task | undefined>,
): Promise<void> {
  for await (const task of client.tasks.watch(id, { ...options, owner })) show(task);
}
