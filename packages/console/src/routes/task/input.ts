/** What a task was asked first. */
import type { Message, Task } from '@continuo/client';

/** Undefined where it isn't known. */
export function askedIn({ history = [] }: Task): Message | undefined {
  return history.find(({ role }) => role === 'ROLE_USER');
}
