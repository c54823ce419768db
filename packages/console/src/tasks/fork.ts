/** Copies a session up to a message into a new one, where the conversation goes another way. */
import { call } from '../api/client.js';
import type { Session } from '@continuo/client';
import { startOf } from '../components/cut-text.js';
import { BRANCH, BRANCHES } from './session-marks.js';
import { texts } from '../texts.js';

const LONGEST_TITLE = 200;

/** With `messageId` it is the last that is copied; without, all are. A copy is a conversation of its own. */
export async function fork({ id, title, metadata = {} }: Session, messageId?: string): Promise<Session> {
  const named = title === null || title === '' ? undefined : startOf(texts.sessions.forkOf(title), LONGEST_TITLE);
  const made = await call('forkSession', {
    path: { id },
    body: { ...(messageId === undefined ? {} : { messageId }), ...(named === undefined ? {} : { title: named }) },
  });
  const { [BRANCH]: branch, [BRANCHES]: branches, ...about } = metadata;
  if (branch === undefined && branches === undefined) return made;
  return call('updateSession', { path: { id: made.id }, body: { metadata: about } });
}
