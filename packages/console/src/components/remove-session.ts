/** Deletes a session, once somebody has said that they mean it. */
import type { Session } from '@continuo/client';
import { call } from '../api/client.js';
import { complain } from '../tasks/actions.js';
import { texts } from '../texts.js';
import { confirmEnd } from './confirm.js';
import { titleOf } from './session-title.js';

/** `onRemoved`: what follows when it is gone; a refusal is said. */
export function removeSession(session: Session, onRemoved: () => void | Promise<void>): void {
  confirmEnd({
    title: texts.sessions.removeQuestion,
    hint: texts.sessions.removeHint(titleOf(session)),
    confirm: texts.sessions.remove,
    keep: texts.sessions.keep,
    onConfirm: () =>
      void call('deleteSession', { path: { id: session.id } })
        .then(onRemoved)
        .catch(complain),
  });
}
