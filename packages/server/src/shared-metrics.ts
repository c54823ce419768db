/** What all instances have in common, for whoever scrapes one of them: read from the database, not more often than it changes anything. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Database } from './platform/database.js';
import type { Log } from './platform/log.js';
import type { Metrics } from './platform/metrics/metrics.js';
import { Shown } from './platform/metrics/shown.js';
import { aliveInstances } from './runs/instances.js';
import { countActive } from './tasks/count-active.js';
import { readBacklog } from './webhooks/backlog.js';

/** Several who scrape, or one in a hurry, ask the database once. */
const FRESH_MS = 5_000;

export function shareMetrics(metrics: Metrics, database: Database, clock: Clock, log: Log): void {
  const { record } = metrics;
  const tasks = new Shown(record.tasks);
  const held = new Shown(record.held);
  let readAt = -Infinity;
  metrics.beforeScrape(async () => {
    const now = clock.now().getTime();
    if (now - readAt < FRESH_MS) return;
    readAt = now;
    try {
      const [active, backlog, instances] = await Promise.all([
        countActive(database),
        readBacklog(database),
        aliveInstances(database).then(({ size }) => size),
      ]);
      tasks.set(active.counts.map(({ agent, state, tasks: value }) => ({ labels: { agent, state }, value })));
      held.set(active.held.map(({ agent, tasks: value }) => ({ labels: { agent }, value })));
      record.oldestQueued({}, active.oldestQueuedSeconds);
      record.webhookBacklog({}, backlog.deliveries);
      record.webhookAge({}, backlog.ageSeconds);
      record.instances({}, instances);
    } catch (error) {
      // What this process says of itself is told all the same.
      log.warn({ err: messageOf(error) }, 'metrics of the database could not be read');
    }
  });
}
