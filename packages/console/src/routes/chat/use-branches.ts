/** Goes another way from a message on: in its place, with the way back, or in a conversation of its own. */
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { ContinuoApiError, type Part, type Session, type SessionMessage } from '@continuo/client';
import { call } from '../../api/client.js';
import { complain, useSay } from '../../tasks/actions.js';
import { fork } from '../../tasks/fork.js';
import { Busy, useOnce } from '../../tasks/once.js';
import { BRANCH, BRANCHES } from '../../tasks/session-marks.js';
import { branchesIn, familyOf, waysAt, type Fork, type Ways } from './branches.js';
import { oneSession } from './chat-queries.js';
import { agentNamed, type Turn } from './turns.js';

/** A conversation that went so many ways keeps its newest. */
const MOST_BRANCHES = 200;

/** The callbacks stay the same, so that no message is drawn again because of them. */
export interface Branching {
  /** A conversation of its own, with all up to the message. */
  readonly onFork: (said: SessionMessage) => void;
  /** Asks again, with this in place of what was asked. Rejects when it was not accepted: what was written stays. */
  readonly onAsk: (turn: Turn, parts: readonly Part[]) => Promise<void>;
  readonly waysOf: (turn: Turn) => Ways | undefined;
  readonly goTo: (sessionId: string) => void;
}

export function useBranches(session: Session | undefined, agent: string): Branching {
  const navigate = useNavigate();
  const client = useQueryClient();
  const say = useSay();
  const once = useOnce();
  const first = session === undefined ? '' : familyOf(session);
  const family = useQuery({ ...oneSession(first), enabled: first !== '' });
  const branches = useMemo(() => branchesIn(family.data), [family.data]);
  const shown = useRef({ session, agent, say });
  useEffect(() => {
    shown.current = { session, agent, say };
  });
  const goTo = useCallback(
    (id: string) => void navigate({ to: '/chat/$id', params: { id }, search: (before) => before }),
    [navigate],
  );
  const onFork = useCallback(
    ({ message, agent: by }: SessionMessage) => {
      const { session: from, agent: chosen } = shown.current;
      if (from === undefined) return;
      once(() => fork(from, message.messageId)).then(({ id }) => {
        void client.invalidateQueries({ queryKey: ['sessions'] });
        void navigate({ to: '/chat/$id', params: { id }, search: { agent: by ?? chosen } });
      }, refused);
    },
    [client, navigate, once],
  );
  const onAsk = useCallback(
    async (turn: Turn, parts: readonly Part[]) => {
      const { session: from } = shown.current;
      if (from === undefined) return;
      try {
        const { made, first: told } = await once(() => ask(from, turn, parts, shown.current.say));
        // The page that opens shows the ways at once, not only when both have been read again.
        keep(client, made);
        if (told !== undefined) keep(client, told);
        void client.invalidateQueries({ queryKey: ['sessions'] });
        goTo(made.id);
      } catch (error) {
        refused(error);
        throw error;
      }
    },
    [client, goTo, once],
  );
  const sessionId = session?.id ?? '';
  const waysOf = useCallback(
    (turn: Turn) => (turn.asked === undefined ? undefined : waysAt(forkBefore(turn), sessionId, branches)),
    [sessionId, branches],
  );
  return { onFork, onAsk, waysOf, goTo };
}

function refused(error: unknown): void {
  if (error instanceof Error && !(error instanceof Busy)) complain(error);
}

function forkBefore({ before }: Turn): Fork {
  return before === undefined ? { after: '', seq: 0 } : { after: before.message.messageId, seq: before.seq };
}

function keep(client: QueryClient, session: Session): void {
  client.setQueryData(oneSession(session.id).queryKey, session);
}

interface Asked {
  /** The session in which it was asked. */
  readonly made: Session;
  /** The conversation's first session, where it could be told of this way. */
  readonly first?: Session;
}

async function ask(from: Session, turn: Turn, parts: readonly Part[], say: ReturnType<typeof useSay>): Promise<Asked> {
  const { after, seq } = forkBefore(turn);
  const of = familyOf(from);
  const { [BRANCHES]: _, ...about } = from.metadata ?? {};
  const metadata = { ...about, [BRANCH]: { of } };
  const title = from.title === null ? {} : { title: from.title };
  let made =
    after === ''
      ? await call('createSession', { body: { ...title, metadata } })
      : await call('forkSession', { path: { id: from.id }, body: { messageId: after, ...title } });
  try {
    if (after !== '') made = await call('updateSession', { path: { id: made.id }, body: { metadata } });
    await say({ agent: agentNamed(turn), parts, sessionId: made.id });
  } catch (error) {
    // What was refused leaves nothing behind; what got no answer may be there.
    if (error instanceof ContinuoApiError && error.status >= 400)
      await call('deleteSession', { path: { id: made.id } }).catch(() => undefined);
    throw error;
  }
  const family = await call('getSession', { path: { id: of } }).catch(() => undefined);
  if (family === undefined) return { made };
  const kept = [...branchesIn(family), { id: made.id, from: from.id, after, seq }].slice(-MOST_BRANCHES);
  const body = { metadata: { ...family.metadata, [BRANCHES]: kept } };
  return { made, first: await call('updateSession', { path: { id: of }, body }) };
}
