/** What the tests need of a PostgreSQL server beside the product's own code. */
import pg from 'pg';

/** The same server as in `serverUrl`, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

const INT8: number = pg.types.builtins.INT8;

/** Counts and sequence numbers are numbers, as in the product. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Runs one statement on a connection of its own, outside a transaction. */
export async function runOn<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'continuo test', types });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
