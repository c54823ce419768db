/** Goes another way from a message on: behind it, or with another one in its place. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import type { Part, Session, SessionMessage } from '@continuo/client';
import { complain } from '../../tasks/actions.js';
import { fork } from '../../tasks/fork.js';
import { NEW, keepDraft } from './drafts.js';

/** The callbacks stay the same, so that no message is drawn again because of them. */
export function useForks(session: Session | undefined, messages: readonly SessionMessage[], agent: string) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const shown = useRef({ session, messages, agent });
  useEffect(() => {
    shown.current = { session, messages, agent };
  });
  const open = useCallback(
    (messageId: string, draft: string, chosen: string) => {
      if (shown.current.session === undefined) return;
      fork(shown.current.session, messageId).then(({ id }) => {
        keepDraft(id, draft);
        void client.invalidateQueries({ queryKey: ['sessions'] });
        void navigate({ to: '/chat/$id', params: { id }, search: { agent: chosen } });
      }, complain);
    },
    [client, navigate],
  );
  const onFork = useCallback(
    ({ message, agent: by }: SessionMessage) => open(message.messageId, '', by ?? shown.current.agent),
    [open],
  );
  const onEdit = useCallback(
    ({ seq, message }: SessionMessage) => {
      const { messages: all, agent: now } = shown.current;
      const index = all.findIndex((said) => said.seq === seq);
      const asked = all.slice(index).find((said) => said.message.role === 'ROLE_AGENT')?.agent ?? now;
      const before = all[index - 1];
      const draft = message.parts.filter(isWritten).map(toText).join('\n');
      if (before !== undefined) return open(before.message.messageId, draft, asked);
      keepDraft(NEW, draft);
      void navigate({ to: '/chat', search: { agent: asked } });
    },
    [open, navigate],
  );
  return { onFork, onEdit };
}

/** What somebody can have typed; files are attached again by whoever wants them. */
export function isWritten({ text, data }: Part): boolean {
  return text !== undefined || data !== undefined;
}

function toText({ text, data }: Part): string {
  return text ?? JSON.stringify(data, undefined, 2);
}
