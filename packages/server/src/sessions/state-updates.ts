/** Changes of one value in a session's state, each in one piece, whoever else changes it at the same moment. */
import { UPDATED_STATE } from '@continuo/agent/internal/sessions/state-names.js';
import { mayFit, tooLarge } from '@continuo/agent/internal/sessions/state-size.js';
import { Turns } from '@continuo/agent/internal/platform/turns.js';
import type { Database } from '../platform/database.js';
import { fitsState } from './session-state.js';

/** Marks that nobody has asked for in so many days are dropped with the next update: their tasks were cancelled. */
const MARKS_LAST_DAYS = 30;

/** What the value was when it was read: compared as text, as JavaScript doesn't have all numbers that JSON has. */
const version = `encode(sha256(convert_to((f.state -> $2)::text, 'UTF8')), 'hex')`;

const markName = `'${UPDATED_STATE}' || $3::text`;

const readSql = `
SELECT f.state -> $2 AS value, ${version} AS version, f.state -> (${markName}) AS done FROM sessions f WHERE id = $1`;

// $4: what it was made of, $5: what it makes of it, null for nothing.
const swapSql = `
WITH found AS (SELECT id, state FROM sessions WHERE id = $1 FOR NO KEY UPDATE),
changed AS (
  SELECT id, (CASE WHEN $5::jsonb IS NULL THEN state - $2::text ELSE state || jsonb_build_object($2::text, $5::jsonb) END)
    - ARRAY(SELECT key FROM jsonb_each(state) WHERE starts_with(key, '${UPDATED_STATE}')
            AND (value ->> 'at')::timestamptz < now() - interval '${MARKS_LAST_DAYS} days')
    || jsonb_build_object(${markName}, jsonb_build_object('at', now(), 'value', $5::jsonb)) AS state
  FROM found f WHERE NOT f.state ? (${markName}) AND ${version} IS NOT DISTINCT FROM $4
),
kept AS (
  UPDATE sessions s SET state = c.state, updated_at = now() FROM changed c
  WHERE s.id = c.id AND ${fitsState('c.state', 's.state')}
  RETURNING s.id
)
SELECT f.state -> $2 AS value, ${version} AS version, f.state -> (${markName}) AS done,
       EXISTS (SELECT 1 FROM changed) AS changed, EXISTS (SELECT 1 FROM kept) AS kept
FROM found f`;

interface Found {
  readonly value: unknown;
  readonly version: string | null;
  /** What was put in place under this mark. */
  readonly done: { readonly value: unknown } | null;
}

interface Swapped extends Found {
  /** The value was still the one that it was made of. */
  readonly changed: boolean;
  /** And what it makes of it is not too large. */
  readonly kept: boolean;
}

export class StateUpdates {
  /** Those of this process change a value one after the other, as only one of them would succeed. */
  readonly #turns = new Map<string, { readonly turns: Turns; users: number }>();

  constructor(private readonly database: Database) {}

  /** See SessionStore. Throws TerminalError for a value that makes the state too large. */
  async update(key: string, name: string, mark: string, change: (value: unknown) => unknown): Promise<unknown> {
    const place = `${key}:${name}`;
    const turn = this.#turns.get(place) ?? { turns: new Turns(1), users: 0 };
    this.#turns.set(place, turn);
    turn.users += 1;
    try {
      return await turn.turns.take(() => this.#swap(key, name, mark, change));
    } finally {
      turn.users -= 1;
      if (turn.users === 0) this.#turns.delete(place);
    }
  }

  async #swap(key: string, name: string, mark: string, change: (value: unknown) => unknown): Promise<unknown> {
    let [found]: readonly Found[] = await this.database.query<Found>(readSql, [key, name, mark]);
    for (;;) {
      if (found?.done) return found.done.value ?? undefined;
      const next = change(found?.value ?? undefined);
      // The session is gone: nothing is kept, as of what is set.
      if (found === undefined) return next;
      const json = next === undefined ? null : JSON.stringify(next);
      if (!mayFit(json)) throw tooLarge(name);
      const [now] = await this.database.query<Swapped>(swapSql, [key, name, mark, found.version, json]);
      if (now?.kept) return next;
      if (now?.changed) throw tooLarge(name);
      found = now;
    }
  }
}

const forgetSql = `
UPDATE sessions SET state = state - ARRAY(SELECT '${UPDATED_STATE}' || mark FROM unnest($2::text[]) mark)
WHERE id = $1`;

export async function forgetUpdates(database: Database, key: string, marks: readonly string[]): Promise<void> {
  await database.query(forgetSql, [key, marks]);
}
