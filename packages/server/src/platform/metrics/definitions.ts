/** Every metric: what it is called, what it counts, in which unit, and by which labels, each of which has few values. */

export interface Definition<Label extends string = string> {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** As Prometheus wants it: with its unit, and `_total` for what only grows. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  readonly buckets?: readonly number[];
  /**
   * Of what: `process` counts what this process does, so that the sum over processes is the whole; `database` reads what all
   * of them share, so that each says the same.
   */
  readonly of: 'process' | 'database';
}

const LONG = [0.01, 0.05, 0.25, 1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400, 604_800];
const SHORT = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const QUICK = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200];

type Kind = Definition['kind'];
type Of = Definition['of'];

const define =
  (kind: Kind, of: Of) =>
  <const Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
    buckets?: readonly number[],
  ): Definition<Label> => ({ kind, of, name, help, labels, ...(buckets === undefined ? {} : { buckets }) });

const counter = define('counter', 'process');
const gauge = define('gauge', 'process');
const histogram = define('histogram', 'process');
const shared = define('gauge', 'database');

export const definitions = {
  build: gauge('continuo_build_info', 'Always 1; its label says which version of Continuo runs.', ['version']),

  tasksCreated: counter('continuo_tasks_created_total', 'Tasks that were accepted, children of others included.', [
    'agent',
  ]),
  tasksEnded: counter('continuo_tasks_ended_total', 'Tasks that have ended, by how.', ['agent', 'state']),
  taskDuration: histogram(
    'continuo_task_duration_seconds',
    'From the acceptance of a task to its end, waits included.',
    ['agent', 'state'],
    LONG,
  ),
  taskQueued: histogram(
    'continuo_task_queue_seconds',
    'From when a task might run to the beginning of its first run; 0 for one that runs at once.',
    ['agent'],
    LONG,
  ),
  tasksHeld: counter('continuo_tasks_held_total', 'Times that a task was held, as code and journal contradict.', [
    'agent',
  ]),
  runsStarted: counter(
    'continuo_runs_started_total',
    'Runs that have begun: `first` of a task, `resumed` after a wait or a hand-over, `takeover` from a run that was lost.',
    ['agent', 'cause'],
  ),
  runsActive: gauge('continuo_runs_active', 'Runs under way in this process.'),

  steps: counter('continuo_steps_total', 'Steps that were recorded in the journal, by how they ended.', [
    'agent',
    'outcome',
  ]),
  stepTries: counter('continuo_step_retries_total', 'Tries of steps beyond the first.', ['agent']),
  stepDuration: histogram(
    'continuo_step_duration_seconds',
    'From the first try of a step to its end.',
    ['agent'],
    SHORT,
  ),
  modelCalls: counter('continuo_model_calls_total', 'Calls of language models.', ['agent', 'model']),
  modelTokens: counter(
    'continuo_model_tokens_total',
    'Tokens of language models: `input` and `output` make the total; `cached` and `reasoning` are parts of these.',
    ['agent', 'model', 'type'],
  ),
  modelCost: counter(
    'continuo_model_cost_dollars_total',
    'What calls of language models have cost, in US dollars, as far as prices are known.',
    ['agent', 'model'],
  ),

  webhookAttempts: counter('continuo_webhook_attempts_total', 'Requests that deliver events to webhooks, by outcome.', [
    'outcome',
  ]),
  webhookLatency: histogram(
    'continuo_webhook_attempt_duration_seconds',
    'What a request to a webhook took.',
    [],
    SHORT,
  ),

  requests: counter(
    'continuo_http_requests_total',
    'Requests over HTTP that are over, by route (`none`: refused before one was found) and status (499: the client has gone before it was answered).',
    ['method', 'route', 'status'],
  ),
  requestDuration: histogram(
    'continuo_http_request_duration_seconds',
    'From a request over HTTP to the end of its answer; event streams are left out. A blocking call takes as long as its task.',
    ['route'],
    SHORT,
  ),
  calls: counter(
    'continuo_grpc_requests_total',
    'Calls over gRPC that are over, by method (`none`: there is no such) and status (`OK`, `NOT_FOUND` …).',
    ['method', 'status'],
  ),
  callDuration: histogram(
    'continuo_grpc_request_duration_seconds',
    'From a call over gRPC to the end of its answer; streams are left out. A blocking call takes as long as its task.',
    ['method'],
    SHORT,
  ),
  streams: gauge('continuo_streams_open', 'Event streams (SSE) that clients follow.'),
  feedReads: counter('continuo_feed_reads_total', 'Reads of the log for streams over many tasks, by what they found.', [
    'found',
  ]),
  unsent: gauge('continuo_unsent_bytes', 'Bytes of answers that clients have not taken yet.'),

  batchSize: histogram('continuo_batch_size', 'Items that were stored with one statement.', ['batch'], SIZES),
  batchDuration: histogram('continuo_batch_duration_seconds', 'What such a statement took.', ['batch'], QUICK),
  poolWait: histogram(
    'continuo_database_pool_wait_seconds',
    'How long a statement waited for a connection.',
    ['pool'],
    QUICK,
  ),
  poolConnections: gauge('continuo_database_connections', 'Connections to PostgreSQL, by what they do.', [
    'pool',
    'state',
  ]),
  poolWaiting: gauge('continuo_database_pool_waiting', 'Statements that wait for a connection.', ['pool']),

  sweeps: histogram(
    'continuo_sweep_duration_seconds',
    'What a look for tasks that should run and do not took.',
    [],
    QUICK,
  ),
  instancesLost: counter('continuo_instances_lost_total', 'Instances that this one has declared lost.'),
  heartbeatAge: gauge(
    'continuo_heartbeat_age_seconds',
    'How long ago the last heartbeat was sent that PostgreSQL has confirmed.',
  ),
  lease: gauge('continuo_lease_seconds', 'After how long without a heartbeat others take over what runs here.'),

  tasks: shared(
    'continuo_tasks',
    'Tasks that have not ended: `submitted`, `working`, `parked` (waiting for time, a child or a message), `input_required`, `auth_required`. Counted up to 100,000 each.',
    ['agent', 'state'],
  ),
  held: shared('continuo_tasks_held', 'Tasks that are held now. Counted up to 100,000.', ['agent']),
  oldestQueued: shared(
    'continuo_tasks_oldest_queued_seconds',
    'How long the task has waited for its first run that has waited longest.',
  ),
  webhookBacklog: shared('continuo_webhook_backlog', 'Deliveries that are still to be made. Counted up to 100,000.'),
  webhookAge: shared(
    'continuo_webhook_backlog_age_seconds',
    'How long ago the oldest delivery was recorded that is still to be made.',
  ),
  instances: shared('continuo_instances', 'Instances that are alive.'),
} as const satisfies Record<string, Definition>;
