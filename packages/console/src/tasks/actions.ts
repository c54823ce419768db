/** What people do with tasks: begin, answer, cancel, try again. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.js';
import type { Part, Task } from '../api/schema.generated.js';
import { agentOf } from './task-facts.js';

/** A new UUID; pages that did not come over TLS have no `crypto.randomUUID`. */
function newId(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export interface Said {
  /** `type/name`. */
  readonly agent: string;
  readonly parts: readonly Part[];
  readonly sessionId?: string;
  readonly taskId?: string;
}

/** Sent again by whoever got no answer, it is still one message. */
export function say({ agent, parts, sessionId, taskId }: Said, messageId = newId()): Promise<Task> {
  const [type = '', name = ''] = agent.split('/');
  const message = { messageId, parts, ...(taskId === undefined ? {} : { taskId }) };
  return call('createTask', {
    path: { type, name },
    body: { message, ...(sessionId === undefined ? {} : { sessionId }) },
  });
}

export function useAnswer(task: Task) {
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
      void client.invalidateQueries({ queryKey: ['tasks'] });
      void client.invalidateQueries({ queryKey: ['messages', task.contextId] });
    },
    onError: (error) => complain(error),
  });
}

export function complain(error: Error): void {
  notifications.show({ color: 'red.8', message: error.message });
}
