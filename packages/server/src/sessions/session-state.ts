/** The values that agents keep in a session. */
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { pathOf } from '@continuo/agent/internal/platform/parse.js';
import { OWN_STATE, UPDATED_STATE } from '@continuo/agent/internal/sessions/state-names.js';
import { mayFit, MOST_STATE_BYTES, tooLarge } from '@continuo/agent/internal/sessions/state-size.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import type { SessionState } from './session.js';

/** The values in `state` that count: its bytes, without what updates keep beside them. */
function bytesOf(state: string): string {
  return `octet_length((${state} - ARRAY(SELECT name FROM jsonb_object_keys(${state}) name WHERE starts_with(name, '${UPDATED_STATE}')))::text)`;
}

/** Whether a state of `after` may take the place of `before`: one that is too large already may stay so. */
export function fitsState(after: string, before: string): string {
  return `${bytesOf(after)} <= greatest(${MOST_STATE_BYTES}, ${bytesOf(before)})`;
}

export async function readState(database: Database, key: string, name: string): Promise<unknown> {
  const rows = await database.query<{ value: unknown }>('SELECT state -> $2 AS value FROM sessions WHERE id = $1', [
    key,
    name,
  ]);
  return rows[0]?.value ?? undefined;
}

const writeSql = `
WITH changed AS (
  SELECT id, CASE WHEN $3::jsonb IS NULL THEN state - $2 ELSE state || jsonb_build_object($2::text, $3::jsonb) END AS state
  FROM sessions WHERE id = $1 FOR NO KEY UPDATE
),
kept AS (
  UPDATE sessions s SET state = c.state, updated_at = now() FROM changed c
  WHERE s.id = c.id AND ${fitsState('c.state', 's.state')}
  RETURNING s.id
)
SELECT EXISTS (SELECT 1 FROM kept) AS kept FROM changed`;

/** Sets a value, or removes it when `value` is undefined. Throws TerminalError for one that makes the state too large. */
export async function writeState(database: Database, key: string, name: string, value: unknown): Promise<void> {
  const json = value === undefined ? null : JSON.stringify(value);
  const fits = mayFit(json);
  const [row] = fits ? await database.query<{ kept: boolean }>(writeSql, [key, name, json]) : [{ kept: false }];
  if (row?.kept === false) throw tooLarge(name);
}

/** All values; undefined for a session that doesn't exist or isn't the caller's. */
export async function readAllState(
  database: Database,
  caller: Caller,
  contextId: string,
): Promise<SessionState | undefined> {
  const [row] = await database.query<{ state: SessionState }>(
    'SELECT state FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3',
    [sessionKey(caller, contextId), caller.tenant, caller.owner],
  );
  return row === undefined ? undefined : visible(row.state);
}

const changeSql = `
WITH changed AS (
  SELECT id, (state || $4::jsonb) - $5::text[] AS state
  FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3 FOR NO KEY UPDATE
),
kept AS (
  UPDATE sessions s SET state = c.state, updated_at = greatest(s.updated_at, $6)
  FROM changed c
  WHERE s.id = c.id AND ${fitsState('c.state', 's.state')}
  RETURNING s.id
)
SELECT c.state, EXISTS (SELECT 1 FROM kept) AS kept FROM changed c`;

/**
 * Sets values, and removes those that are null; answers with all of them. Undefined for a session that doesn't exist or
 * isn't the caller's. Throws PAYLOAD_TOO_LARGE, and INVALID_ARGUMENT for a name that is the server's own.
 */
export async function changeState(
  database: Database,
  caller: Caller,
  contextId: string,
  change: SessionState,
  at: Date,
): Promise<SessionState | undefined> {
  const own = Object.keys(change).find((name) => name.startsWith(OWN_STATE));
  if (own !== undefined) throw invalidArgument(pathOf('', [own]), `a name that does not begin with ${OWN_STATE}`);
  const removed = Object.keys(change).filter((name) => change[name] === null);
  const [row] = await database.query<{ state: SessionState; kept: boolean }>(changeSql, [
    sessionKey(caller, contextId),
    caller.tenant,
    caller.owner,
    JSON.stringify(change),
    removed,
    at.toISOString(),
  ]);
  if (row?.kept === false) {
    throw new ContinuoError('PAYLOAD_TOO_LARGE', `The state of a session may take ${MOST_STATE_BYTES} bytes of JSON.`);
  }
  return row === undefined ? undefined : visible(row.state);
}

function visible(state: SessionState): SessionState {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !name.startsWith(OWN_STATE)));
}
