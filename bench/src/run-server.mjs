/** What both sides of the steps are reached by, so that nothing but what runs the steps differs: `POST /run` with `{ steps }`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Serves until the process is told to stop (`PORT`).
 *
 * @param {(steps: number) => Promise<number>} run does so many durable steps, and answers how many were done
 */
export async function serveRuns(run) {
  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async function answer(request, response) {
    const { steps } = JSON.parse(await text(request));
    const done = await run(steps);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ done }));
  }
  const server = createServer((request, response) => {
    if (request.url === '/readyz') response.end('{}');
    else void answer(request, response);
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
  await once(process, 'SIGTERM');
  server.close();
  server.closeAllConnections();
}
