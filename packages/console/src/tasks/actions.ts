/** What people do with tasks: begin, answer, cancel, try again. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from '../api/client.js';
import { newId } from '../api/new-id.js';
import type { Part, Task } from '@continuo/client';
import { agentOf } from '@continuo/client/facts';

export interface Said {
  /** `type/name`. */
  readonly agent: string;
  readonly parts: readonly Part[];
  readonly sessionId?: string;
  readonly taskId?: string;
  /** Of the message. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

function send({ agent, parts, sessionId, taskId, metadata }: Said, messageId: string): Promise<Task> {
  const [type = '', name = ''] = agent.split('/');
  const message = {
    messageId,
    parts,
    ...(taskId === undefined ? {} : { taskId }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const body = { message, ...(sessionId === undefined ? {} : { sessionId }) };
  return call('createTask', { path: { type, name }, body }, undefined, messageId);
}

/** Said again by whoever got no answer, the same is still one message. */
export function useSay(): (said: Said) => Promise<Task> {
  const unanswered = useRef<{ readonly content: string; readonly messageId: string }>(undefined);
  return async (said) => {
    const content = JSON.stringify(said);
    if (unanswered.current?.content !== content) unanswered.current = { content, messageId: newId() };
    const task = await send(said, unanswered.current.messageId);
    unanswered.current = undefined;
    return task;
  };
}

export function useAnswer(task: Task) {
  const say = useSay();
  return useChange((parts: readonly Part[]) => say({ agent: agentOf(task), parts, taskId: task.id }));
}

export function useCancel(id: string) {
  return useChange(() => call('cancelTask', { path: { id } }));
}

export function useRetry(id: string) {
  return useChange((from: 'failed-step' | 'start') => call('retryTask', { path: { id }, body: { from } }));
}

/** A change of a task: what is shown follows, and a refusal is said. */
function useChange<Input>(change: (input: Input) => Promise<Task>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (task) => {
      client.setQueryData(['task', task.id], task);
      // It may have ended while the answer was on its way.
      void client.invalidateQueries({ queryKey: ['task', task.id] });
      void client.invalidateQueries({ queryKey: ['tasks'] });
      void client.invalidateQueries({ queryKey: ['messages', task.contextId] });
    },
    onError: (error) => complain(error),
  });
}

export function complain(error: Error): void {
  notifications.show({ color: 'red.8', message: error.message });
}
