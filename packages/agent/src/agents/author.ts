/** Who says something in a session that somebody else shares with them, as their messages are signed. */
import type { Message } from '../sessions/message.js';
import { SESSIONS_EXTENSION } from '../tasks/task.js';

/** Undefined for what the session's owner says; an agent passes on the signature of what it was told. */
export function authorOf({ metadata }: Pick<Message, 'metadata'>): string | undefined {
  const about = metadata?.[SESSIONS_EXTENSION];
  if (typeof about !== 'object' || about === null || !('author' in about)) return undefined;
  return typeof about.author === 'string' ? about.author : undefined;
}

/** The metadata of what an agent asks another on behalf of whoever said `message`. */
export function authorship(message: Pick<Message, 'metadata'>): Readonly<Record<string, unknown>> {
  const author = authorOf(message);
  return author === undefined ? {} : { [SESSIONS_EXTENSION]: { author } };
}
