/** A Prometheus that scrapes the built server: it takes the metrics and the alerts as they are, and each query of the dashboard finds something. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { dashboardQueries } from '../support/dashboard.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startOpenAiServer } from '../support/openai-server.js';
import { afterThisTest } from '../support/outcome.js';
import { freePort, startServer, type ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';
import { startReceiver } from '../support/webhook-receiver.js';
import { ensureInstalled, run } from './program.js';

ensureInstalled('prometheus', '--version');

const entry = fileURLToPath(new URL('../support/metrics-server.mjs', import.meta.url));
const rules = fileURLToPath(new URL('../../../../deploy/prometheus/continuo.rules.yaml', import.meta.url));
let server: ServerProcess;
let prometheus: string;
let grpc: ReturnType<typeof grpcClient>;

async function begin(agent: string): Promise<string> {
  const body = { message: { parts: [{ text: 'go' }] } };
  return textAt((await call('POST', `${server.url}/agents/${agent}/tasks`, { body })).body, 'id');
}

beforeAll(async () => {
  const model = await startOpenAiServer();
  const receiver = await startReceiver();
  const home = await makeTestDirectory('prometheus');
  const prices = join(home, 'prices.json');
  await writeFile(prices, JSON.stringify({ models: { 'openai-compatible/told': { input: 1, output: 2 } } }));
  server = await startServer({
    entry,
    env: {
      CONTINUO_MODEL: 'openai-compatible/told',
      CONTINUO_MODEL_BASE_URL: model.baseUrl,
      CONTINUO_PRICES: prices,
      CONTINUO_GRPC_PORT: '0',
    },
  });
  grpc = grpcClient((await grpcOf(server.url, 'test/works')).address);
  afterThisTest(async () => grpc.close());
  const hook = { url: receiver.at('/hook').url, kinds: ['statusUpdate'] };
  await call('POST', `${server.url}/webhooks`, { body: hook });
  const port = await freePort();
  prometheus = `http://127.0.0.1:${port}`;
  const config = join(home, 'prometheus.yml');
  const target = new URL(server.url).host;
  const scrape = { job_name: 'continuo', scrape_interval: '1s', static_configs: [{ targets: [target] }] };
  await writeFile(config, JSON.stringify({ rule_files: [rules], scrape_configs: [scrape] }));
  const words = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${home}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  await run('prometheus', words, { port });
});

it('takes the metrics and the alerts without a word', async () => {
  await promisify(execFile)('promtool', ['check', 'rules', rules]);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const checked = promisify(execFile)('promtool', ['check', 'metrics']);
  checked.child.stdin?.end(metrics);
  expect(await checked).toEqual({ stdout: '', stderr: '' });
});

it('answers each query of the dashboard with data', async () => {
  const queries = await dashboardQueries();
  expect(queries.length).toBeGreaterThan(25);
  await until(
    async () => {
      // Rates are known when something has grown between two scrapes.
      await Promise.all(['test/works', 'test/fails', 'test/thinks', 'test/asks'].map(begin));
      await callGrpc(grpc, 'getTask', { id: 'none', tenant: 'test/works' });
      const empty: string[] = [];
      for (const { title, expr } of queries) {
        const { body } = await call('GET', `${prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`);
        if (at(body, 'status') !== 'success') throw new Error(`${title}: ${JSON.stringify(body)}`);
        if (at(body, 'data', 'result', 0) === undefined) empty.push(`${title}: ${expr}`);
      }
      if (empty.length > 0) throw new Error(empty.join('\n'));
      return true;
    },
    { what: 'every query to find something' },
  );
});
