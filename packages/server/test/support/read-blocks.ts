/** What a query costs, whatever the machine is doing: the blocks that PostgreSQL has in hand for it. */
import type { Database } from '../../src/platform/database.js';

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Of all that `read` asks the database. */
export async function readBlocks(
  database: Database,
  read: (of: Pick<Database, 'query'>) => Promise<unknown>,
): Promise<number> {
  let sum = 0;
  const explaining: Pick<Database, 'query'> = {
    async query<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) {
      const rows = await database.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Plan }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text.replace('EXPLAIN (FORMAT JSON) ', '')}`,
        values,
      );
      for (const row of rows) {
        const { Plan: plan } = row['QUERY PLAN'][0];
        sum += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
      }
      return database.query<Row>(text, values);
    },
  };
  await read(explaining);
  return sum;
}
