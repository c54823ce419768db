/** What the metrics of a server say of how it is; the limits are those of the alerts (deploy/prometheus/continuo.rules.yaml). */
import { counted } from '../terminal/counted.js';
import { span } from '../terminal/times.js';
import { noted, ok, wrong, type Finding } from './finding.js';
import type { Samples } from './samples.js';

const QUEUED = { note: 60, wrong: 600 };
const BACKLOG = { note: 300, wrong: 3_600 };
const LAG = { note: 0.1, wrong: 0.5 };
/** Of the lease. */
const HEARTBEAT_SHARE = 0.7;
/** Statements that have waited longer for a connection than that, in seconds as a bucket has them, and which share may. */
const POOL_WAIT = { seconds: '0.5', share: 0.05 };

export function metricFindings(samples: Samples, url: string): readonly Finding[] {
  return [
    serverFinding(samples, url),
    heldFinding(samples),
    queueFinding(samples),
    backlogFinding(samples),
    ...lostFindings(samples),
    heartbeatFinding(samples),
    loopFinding(samples),
    poolFinding(samples),
  ];
}

function serverFinding(samples: Samples, url: string): Finding {
  const version = samples.label('continuo_build_info', 'version') ?? 'of an unknown version';
  const alive = samples.most('continuo_instances');
  return ok('server', `Continuo ${version} at ${url}, ${counted(alive, 'instance', 'instances')} alive`);
}

function heldFinding(samples: Samples): Finding {
  const held = samples.mostBy('continuo_tasks_held', 'agent');
  const count = held.reduce((sum, [, tasks]) => sum + tasks, 0);
  if (count === 0) return ok('held tasks', 'none');
  const which = held.map(([agent, tasks]) => `${agent} ${tasks}`).join(', ');
  return wrong(
    'held tasks',
    `${count} (${which}): the code at hand contradicts what they have done`,
    '`continuo tasks --held` says where. Deploy code that fits, or `continuo tasks retry` or `cancel` them (docs/deploys.md).',
  );
}

function queueFinding(samples: Samples): Finding {
  const seconds = samples.most('continuo_tasks_oldest_queued_seconds');
  if (seconds < QUEUED.note) return ok('queue', 'no task waits long for its first run');
  return graded(
    seconds >= QUEUED.wrong,
    'queue',
    `a task has waited for its first run for ${span(seconds)}`,
    "The agent's queue is full: raise its limits (docs/limits.md) or add an instance. Or no instance has the agent: start one.",
  );
}

function backlogFinding(samples: Samples): Finding {
  const count = samples.most('continuo_webhook_backlog');
  const age = samples.most('continuo_webhook_backlog_age_seconds');
  const found = `${counted(count, 'delivery is', 'deliveries are')} to be made`;
  if (age < BACKLOG.note) return ok('deliveries', count === 0 ? 'none waits' : found);
  return graded(
    age >= BACKLOG.wrong,
    'deliveries',
    `${found}, the oldest for ${span(age)}`,
    '`continuo webhooks deliveries --status pending` says which receiver fails, and what it answers (docs/webhooks.md).',
  );
}

function lostFindings(samples: Samples): readonly Finding[] {
  const lost = samples.sum('continuo_instances_lost_total');
  const taken = samples.sum('continuo_runs_started_total', { cause: 'takeover' });
  if (lost + taken === 0) return [ok('takeovers', 'none since this server started')];
  return [
    noted(
      'takeovers',
      `since it started, this server has declared ${counted(lost, 'instance', 'instances')} lost and taken over ${counted(taken, 'run', 'runs')}`,
      'Processes end while they work: look at memory, at liveness probes, and at the last lines of their logs.',
    ),
  ];
}

function heartbeatFinding(samples: Samples): Finding {
  const age = samples.most('continuo_heartbeat_age_seconds');
  const lease = samples.most('continuo_lease_seconds');
  const found = `the last one ${age.toFixed(1)} s ago, of a lease of ${lease} s`;
  return lease > 0 && age > lease * HEARTBEAT_SHARE
    ? wrong(
        'heartbeat',
        `${found}: others are about to take over what runs here`,
        'The process is paused or computes without a pause, or PostgreSQL does not answer: see its log.',
      )
    : ok('heartbeat', found);
}

function loopFinding(samples: Samples): Finding {
  const seconds = samples.most('nodejs_eventloop_lag_p99_seconds');
  const found = `1 % of its turns are late by ${Math.round(seconds * 1_000)} ms or more`;
  if (seconds < LAG.note) return ok('event loop', found);
  return graded(
    seconds >= LAG.wrong,
    'event loop',
    found,
    'An agent computes for too long in one go: CONTINUO_DIAGNOSTICS=cpu shows which; use a worker thread (docs/observability.md).',
  );
}

function poolFinding(samples: Samples): Finding {
  const waiting = samples.sum('continuo_database_pool_waiting');
  const all = samples.sum('continuo_database_pool_wait_seconds_count');
  const quick = samples.sum('continuo_database_pool_wait_seconds_bucket', { le: POOL_WAIT.seconds });
  const slow = all === 0 ? 0 : (all - quick) / all;
  const found = `${counted(waiting, 'statement waits', 'statements wait')} for a connection, ${(slow * 100).toFixed(1)} % have waited for more than ${POOL_WAIT.seconds} s`;
  return slow > POOL_WAIT.share
    ? wrong('pool', found, 'Raise CONTINUO_DATABASE_POOL, or add an instance (docs/scale.md).')
    : ok('pool', found);
}

function graded(isWrong: boolean, about: string, found: string, remedy: string): Finding {
  return isWrong ? wrong(about, found, remedy) : noted(about, found, remedy);
}
