/** The other side of the steps: DBOS used directly, a workflow for each request (`DATABASE_URL`, `PORT`). */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { serveRuns } from './run-server.mjs';

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: process.env.DATABASE_URL,
  systemDatabasePoolSize: 20,
  runAdminServer: false,
  logLevel: 'error',
});

const workflow = DBOS.registerWorkflow(
  /** @param {number} steps */
  async (steps) => {
    let done = 0;
    for (let n = 1; n <= steps; n += 1) done += await DBOS.runStep(async () => 1, { name: `step ${n}` });
    return done;
  },
  { name: 'steps' },
);

await DBOS.launch();
await serveRuns(async (steps) => {
  const handle = await DBOS.startWorkflow(workflow)(steps);
  return handle.getResult();
});
await DBOS.shutdown();
process.exit();
