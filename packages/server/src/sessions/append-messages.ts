/** The part of a statement that writes messages into their sessions, for statements that write tasks as well. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { startOf } from '@continuo/agent/internal/platform/text.js';
import { textOf, type Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import { titleOf } from './message-title.js';
import { ownWords } from './words.js';

/** PostgreSQL's limit for a tsvector is near; what lies behind it is not found by search. */
const SEARCHED_CHARACTERS = 100_000;

/** The constraint that tells the messages of a session apart. */
const MESSAGE_IDS = 'messages_session_id_message_id_key';

/** One message on its way into a session, as `json_to_recordset` reads it. */
export interface MessageRow {
  readonly task_id: string;
  readonly message_id: string;
  readonly agent: string;
  readonly message: Message;
  readonly words: string;
  readonly created_at: string;
}

export const messageColumns =
  'task_id uuid, message_id text, agent text, message json, words text, created_at timestamptz';

/** The key of the session that `caller` knows as `contextId`; nobody else's can be the same. */
export function sessionKey(caller: Caller, contextId: string): string {
  return derivedId(JSON.stringify([caller.tenant, caller.owner, contextId]));
}

export function toMessageRow(message: Message, taskId: string, agent: string, createdAt: string): MessageRow {
  const text = textOf(message.parts);
  const words = startOf(text === '' ? titleOf(message.parts) : text, SEARCHED_CHARACTERS).replaceAll('\0', ' ');
  return { task_id: taskId, message_id: message.messageId, agent, message, words, created_at: createdAt };
}

/** Throws INVALID_ARGUMENT when `error` says that a session has the id of a message already, and `error` otherwise. */
export function refuseRepeated(error: unknown): never {
  const repeated = error instanceof Error && 'constraint' in error && error.constraint === MESSAGE_IDS;
  throw repeated ? invalidArgument('message.messageId', 'an id that no other message of this session has') : error;
}

/**
 * CTEs `found` and `grown`: open the sessions of `counted` (session_id, n messages, tenant, owner, context_id, title, at),
 * or make room in those that are there. A session keeps its first title.
 */
export const openSessions = `
  found AS (
    INSERT INTO sessions AS s (id, tenant, owner, context_id, title, last_seq, created_at, updated_at)
    SELECT session_id, tenant, owner, context_id, title, n, at, at FROM counted ORDER BY session_id
    ON CONFLICT (id) DO UPDATE SET last_seq = s.last_seq + EXCLUDED.last_seq, updated_at = EXCLUDED.updated_at,
                                   title = coalesce(s.title, EXCLUDED.title)
    RETURNING s.id, s.tenant, s.owner, s.last_seq
  ),
  grown AS (SELECT f.id, f.tenant, f.owner, f.last_seq - c.n AS base FROM found f JOIN counted c ON c.session_id = f.id)`;

/** CTE `grown`: makes room for the rows of `numbered` in sessions that are there, locked in the same order as everywhere. */
export const growSessions = `
  grown AS (
    UPDATE sessions s SET last_seq = s.last_seq + c.n, updated_at = c.at
    FROM (SELECT session_id, count(*) AS n, max(created_at) AS at FROM numbered GROUP BY session_id ORDER BY session_id) c
    WHERE s.id = c.session_id
    RETURNING s.id, s.tenant, s.owner, s.last_seq - c.n AS base
  )`;

/**
 * CTE `stored`: inserts the rows of `numbered` (session_id, n = 1… within its session, and `messageColumns`) after the
 * last message of each session, which CTE `grown` (id, tenant, owner, base) has made room for. Whoever inserts messages has written the row
 * of their session in the same statement: no foreign key looks after that.
 */
export const insertMessages = `
  stored AS (
    INSERT INTO messages (session_id, seq, message_id, task_id, agent, message, created_at, words)
    SELECT m.session_id, g.base + m.n, m.message_id, m.task_id, m.agent, m.message, m.created_at,
           ${ownWords('g.tenant', 'g.owner', 'm.words')}
    FROM numbered m JOIN grown g ON g.id = m.session_id)`;
