/** The schedules table: the last tick of each schedule whose task was stored. */
import type { Database } from '../platform/database.js';

/** The last tick; a schedule that is new, or has another pattern than before, begins at `now`. */
export async function keepSchedule(
  database: Database,
  schedule: { readonly agent: string; readonly name: string; readonly pattern: string },
  now: Date,
): Promise<Date> {
  const [row] = await database.query<{ last_at: Date }>(
    `INSERT INTO schedules AS s (agent, name, pattern, last_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (agent, name) DO UPDATE SET pattern = EXCLUDED.pattern,
       last_at = CASE WHEN s.pattern = EXCLUDED.pattern THEN s.last_at ELSE EXCLUDED.last_at END
     RETURNING last_at`,
    [schedule.agent, schedule.name, schedule.pattern, now],
  );
  return row?.last_at ?? now;
}

export async function lastTick(database: Database, agent: string, name: string): Promise<Date | undefined> {
  const [row] = await database.query<{ last_at: Date }>(
    'SELECT last_at FROM schedules WHERE agent = $1 AND name = $2',
    [agent, name],
  );
  return row?.last_at;
}

export async function tickIsOver(database: Database, agent: string, name: string, tick: Date): Promise<void> {
  await database.query('UPDATE schedules SET last_at = greatest(last_at, $3) WHERE agent = $1 AND name = $2', [
    agent,
    name,
    tick,
  ]);
}
