/** Asks the server for a title of a chat once it has its first answer: a language model writes it, where there is one. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { stateOf } from '@continuo/client/facts';
import { caller } from '../../api/caller.js';
import { call } from '../../api/client.js';
import type { Turn } from './turns.js';

/** A chat that has more is not titled any more. */
const MOST_TURNS = 6;

/** Chats that this tab has asked for; the server writes each title once, and never over one that somebody gave. */
const asked = new Set<string>();

/** `turns`: all of the chat; undefined while there are more than are loaded. */
export function useTitle(sessionId: string, turns: readonly Turn[] | undefined): void {
  const { data: me } = useQuery(caller);
  const mayWrite = me?.languageModel === true && me.scopes.includes('write');
  const isAnswered =
    turns !== undefined &&
    turns.length <= MOST_TURNS &&
    turns.some(({ task }) => task !== undefined && stateOf(task) === 'COMPLETED');
  useEffect(() => {
    if (!mayWrite || !isAnswered || asked.has(sessionId)) return;
    asked.add(sessionId);
    // Without it the title stays what was asked first.
    void call('titleSession', { path: { id: sessionId } }).catch(() => undefined);
  }, [mayWrite, isAnswered, sessionId]);
}
