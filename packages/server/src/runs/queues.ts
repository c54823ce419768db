/** The DBOS queues that hold runs back: one for each agent with limits. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { RunOutcome } from '@continuo/agent/internal/runs/run.js';

const POLL_MS = 200;
/**
 * A limited queue has one partition: DBOS then counts what runs in a serializable transaction, so that two instances
 * which take different tasks at the same moment can't both take the last free place.
 */
const PARTITION = 'all';
/** Delays and periods are multiples of this: DBOS wants seconds, and these come out as whole milliseconds. */
const GRAIN_MS = 125;
/** Of runs for which no priority was asked. */
export const DEFAULT_PRIORITY = 100;

export interface RunLimits {
  /** Runs at the same time on one instance. */
  readonly perInstance?: number | undefined;
  /** Runs at the same time on all instances together. */
  readonly total?: number | undefined;
  /** Runs that begin within `perMs` milliseconds, on all instances together. */
  readonly rate?: { readonly tasks: number; readonly perMs: number } | undefined;
}

export interface LimitedQueue {
  readonly name: string;
  readonly limits: RunLimits;
}

/** A run that doesn't begin here and now. */
export interface QueuedRun {
  readonly id: string;
  /** The queue that limits it; undefined: nothing does. */
  readonly queue: string | undefined;
  /** Lower goes first. Default DEFAULT_PRIORITY. */
  readonly priority?: number | undefined;
}

/** The queue of an agent's runs, where something limits them. */
export function agentQueue(agent: string): string {
  return `agent:${agent}`;
}

/** Makes the queues known, or changes their limits, on all instances. */
export async function registerQueues(queues: readonly LimitedQueue[]): Promise<void> {
  for (const { name, limits } of queues) {
    await DBOS.registerQueue(name, {
      minPollingIntervalMs: POLL_MS,
      onConflict: 'always_update',
      ...concurrency(limits),
      ...rate(limits),
    });
  }
}

/** Stores the run in a limited queue; does nothing when it has been started or stored before. */
export async function enqueue(
  workflow: (id: string) => Promise<RunOutcome>,
  { id, priority = DEFAULT_PRIORITY }: QueuedRun,
  queueName: string,
): Promise<void> {
  const enqueueOptions = { priority, queuePartitionKey: PARTITION };
  await DBOS.startWorkflow(workflow, { workflowID: id, queueName, enqueueOptions })(id);
}

/** Where a run that begins again waits for its turn. */
export function placeIn(queueName: string): { readonly queueName: string; readonly queuePartitionKey: string } {
  return { queueName, queuePartitionKey: PARTITION };
}

function concurrency({ perInstance, total }: RunLimits) {
  const each = perInstance === undefined || total === undefined ? perInstance : Math.min(perInstance, total);
  return {
    ...(total === undefined ? {} : { globalConcurrency: total, partitionConcurrency: total }),
    ...(each === undefined ? {} : { workerConcurrency: each, partitionWorkerConcurrency: each }),
  };
}

function rate({ rate: wanted }: RunLimits) {
  if (wanted === undefined) return {};
  const limit = { limitPerPeriod: wanted.tasks, periodSec: seconds(wanted.perMs) };
  return { rateLimit: limit, partitionRateLimit: limit };
}

function seconds(ms: number): number {
  return (Math.ceil(ms / GRAIN_MS) * GRAIN_MS) / 1000;
}
