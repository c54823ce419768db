/** Runs a task once more: a new one with the same input or another, in the same session. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SESSIONS_EXTENSION } from '@continuo/client/extensions';
import { agentOf, fieldsIn, textIn } from '@continuo/client/facts';
import type { Part, Task } from '@continuo/client';
import { complain, useSay } from '../../tasks/actions.js';
import { askedIn } from './input.js';

/** In the metadata of the message: the id of the task that it was said to before. */
const COPY_OF = 'copyOf';

/** Opens the new task once there is one. */
export function useRunAgain(task: Task) {
  const say = useSay();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (parts: readonly Part[]) =>
      say({
        agent: agentOf(task),
        parts,
        ...(isStateless(task) ? {} : { sessionId: task.contextId }),
        metadata: { [COPY_OF]: task.id },
      }),
    onSuccess: ({ id }) => navigate({ to: '/tasks/$id', params: { id } }),
    onError: complain,
  });
}

/** The id of the task that this one was copied from; undefined for one that wasn't. */
export function copiedFrom(task: Task): string | undefined {
  return textIn(askedIn(task)?.metadata, COPY_OF);
}

export function isStateless({ metadata }: Task): boolean {
  return fieldsIn(metadata, SESSIONS_EXTENSION)?.['stateless'] === true;
}
