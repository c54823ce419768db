/** `continuo doctor` finds something wrong of a server's metrics where the alerts of `deploy/` would, and not before. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { metricFindings } from '../src/doctor/metric-findings.js';
import { Samples } from '../src/doctor/samples.js';

const rules = await readFile(new URL('../../../deploy/prometheus/continuo.rules.yaml', import.meta.url), 'utf8');

/** The number that the expression of an alert ends with. */
function limitOf(alert: string): number {
  const [, rule = ''] = rules.split(`alert: ${alert}\n`);
  const [, limit] = /expr:[^]*? > ([\d.]+)\n/.exec(rule) ?? [];
  return Number(limit);
}

const POOL = 'continuo_database_pool_wait_seconds';

/** Of 1,000 statements that have waited, one more or less than that share for longer. */
function waited(seconds: number, slow: number): string {
  const quick = 1_000 - 1_000 * slow;
  return `${POOL}_bucket{le="${seconds}",pool="main"} ${quick}\n${POOL}_count{pool="main"} 1000`;
}

it.each<[about: string, alert: string, exposition: (factor: number, limit: number) => string]>([
  ['held tasks', 'ContinuoTasksHeld', (factor) => `continuo_tasks_held{agent="a/b"} ${factor > 1 ? 1 : 0}`],
  [
    'queue',
    'ContinuoTasksWaitForARun',
    (factor, limit) => `continuo_tasks_oldest_queued_seconds ${Math.round(factor * limit)}`,
  ],
  ['deliveries', 'ContinuoWebhooksLate', (factor, limit) => `continuo_webhook_backlog_age_seconds ${factor * limit}`],
  [
    'heartbeat',
    'ContinuoHeartbeatLate',
    (factor, limit) => `continuo_lease_seconds 10\ncontinuo_heartbeat_age_seconds ${10 * factor * limit}`,
  ],
  ['event loop', 'ContinuoEventLoopLags', (factor, limit) => `nodejs_eventloop_lag_p99_seconds ${factor * limit}`],
  // The alert goes by the 95th percentile.
  ['pool', 'ContinuoWaitsForConnections', (factor, limit) => waited(limit, factor * 0.05)],
])('%s: as %s', (about, alert, exposition) => {
  const limit = limitOf(alert);
  expect(limit).toBeGreaterThanOrEqual(0);
  const health = (factor: number): string | undefined =>
    metricFindings(new Samples(exposition(factor, limit)), '').find((finding) => finding.about === about)?.health;
  expect([health(0.99) === 'wrong', health(1.01)]).toEqual([false, 'wrong']);
});
