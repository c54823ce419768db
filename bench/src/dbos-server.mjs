/** The other side of the steps: DBOS used directly, a workflow for each request (`DATABASE_URL`, `PORT`). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { DBOS } from '@dbos-inc/dbos-sdk';

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

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function answer(request, response) {
  const { steps } = JSON.parse(await text(request));
  const handle = await DBOS.startWorkflow(workflow)(steps);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ done: await handle.getResult() }));
}

const server = createServer((request, response) => {
  if (request.url === '/readyz') response.end('{}');
  else void answer(request, response);
});
server.listen(Number(process.env.PORT), '127.0.0.1');

await once(process, 'SIGTERM');
server.close();
server.closeAllConnections();
await DBOS.shutdown();
process.exit();
