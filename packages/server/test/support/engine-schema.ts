/** The tables of the durable engine, without a server. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { runOn } from './postgres.js';

/** Makes them: that costs each server that starts on a new database seconds of a busy machine. */
export async function migrateEngine(url: string): Promise<void> {
  const quiet = (): undefined => undefined;
  const pool = new pg.Pool({ connectionString: url });
  DBOS.setConfig({
    name: 'continuo',
    systemDatabaseUrl: url,
    systemDatabasePool: pool,
    useListenNotify: false,
    runAdminServer: false,
    logger: { info: quiet, debug: quiet, warn: quiet, error: quiet },
  });
  await DBOS.launch();
  await DBOS.shutdown();
  await pool.end();
  await runOn(url, 'TRUNCATE dbos.application_versions');
}
