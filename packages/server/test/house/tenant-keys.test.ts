/** Every table is somebody's: it names the tenant, or hangs on one that does, so that tables can be distributed by tenant. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { runOn } from '../support/postgres.js';

/** Rows of these belong to one row of another table, which their first key column names. */
const children: Readonly<Record<string, readonly [column: string, of: string]>> = {
  messages: ['session_id', 'sessions'],
  session_checkpoints: ['session_id', 'sessions'],
  artifacts: ['task_id', 'tasks'],
  task_trees: ['root_id', 'tasks'],
  task_runs: ['task_id', 'tasks'],
  erased_tasks: ['id', 'tasks'],
  journal: ['task_id', 'tasks'],
  queued_runs: ['task_id', 'tasks'],
  file_pieces: ['file_id', 'files'],
  file_parts: ['file_id', 'files'],
  file_sessions: ['session_id', 'sessions'],
  removed_files: ['file_id', 'files'],
  webhook_attempts: ['delivery_id', 'webhook_deliveries'],
};

/** Nobody's data: the same for all tenants. */
const shared: Readonly<Record<string, string>> = {
  continuo_migrations: 'the schema',
  commit_epochs: 'the clusters in which the database has been',
  signing_keys: "the server's own, which vouch for what it says to anybody",
  refresh_tokens: "the server's own, as a client that the configuration names",
  instances: 'the fleet, which works for all',
  instance_agents: 'what the fleet can run',
  agent_limits: 'how much of it the fleet may run at once',
  external_agents: 'remote agents of the fleet, which are for all',
  schedules: "ticks of agents' schedules, whose tasks have a tenant",
};

interface Table {
  readonly name: string;
  readonly hasTenant: boolean;
  /** Columns of each unique key, the primary one first. */
  readonly keys: readonly (readonly string[])[];
}

const tablesSql = `
SELECT c.relname::text AS name,
  EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND a.attnotnull) AS "hasTenant",
  coalesce((
    SELECT json_agg((
      SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number) ORDER BY i.indisprimary DESC, i.indexrelid)
    FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique), '[]') AS keys
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`;

let tables: readonly Table[];

beforeAll(async () => {
  const { url } = await createTestDatabase();
  tables = await runOn<Table & Record<string, unknown>>(url, tablesSql);
});

it('every table has a tenant that is never left out, hangs on a row that has one, or is shared for a reason', () => {
  const homeless = tables.filter(({ name, hasTenant }) => !hasTenant && !(name in children) && !(name in shared));
  expect(homeless.map(({ name }) => name)).toEqual([]);
  const names = tables.map(({ name }) => name);
  // Lists that say what isn't so any more mislead.
  for (const name of [...Object.keys(children), ...Object.keys(shared)]) expect(names).toContain(name);
  const named = new Set([...Object.keys(children), ...Object.keys(shared)]);
  const both = tables.filter(({ name, hasTenant }) => hasTenant && named.has(name));
  expect(both.map(({ name }) => name)).toEqual([]);
});

it('what hangs on another table is found by the key of that one', () => {
  for (const [name, [column, of]] of Object.entries(children)) {
    expect(tables.find((table) => table.name === of)?.hasTenant, `${of} has a tenant`).toBe(true);
    for (const key of tables.find((table) => table.name === name)?.keys ?? [])
      expect([name, key[0]]).toEqual([name, column]);
  }
});

it('docs/scale.md says which keys a distribution by tenant would need the tenant in', async () => {
  const keys = tables
    .filter(({ name }) => !(name in shared))
    .flatMap((table) =>
      table.keys.filter((key) => !key.includes('tenant')).map((key) => `${table.name} (${key.join(', ')})`),
    );
  const doc = await readFile(new URL('../../../../docs/scale.md', import.meta.url), 'utf8');
  const line = keys.map((key) => `\`${key}\``).join(', ');
  expect(doc).toContain(line);
});
