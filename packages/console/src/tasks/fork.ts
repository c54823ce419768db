/** Copies a session up to a message into a new one, where the conversation goes another way. */
import { call } from '../api/client.js';
import type { Session } from '@continuo/client';
import { startOf } from '../components/cut-text.js';
import { texts } from '../texts.js';

const LONGEST_TITLE = 200;

/** With `messageId` it is the last that is copied; without, all are. */
export function fork({ id, title }: Session, messageId?: string): Promise<Session> {
  const named = title === null || title === '' ? undefined : startOf(texts.sessions.forkOf(title), LONGEST_TITLE);
  return call('forkSession', {
    path: { id },
    body: { ...(messageId === undefined ? {} : { messageId }), ...(named === undefined ? {} : { title: named }) },
  });
}
