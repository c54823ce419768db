/** What a run does and waits for, as spans: a step that is carried out here, and a wait once it is over. */
import type { Clock } from '../platform/clock.js';
import { isObject } from '../platform/json-object.js';
import { tracing } from '../platform/tracing.js';
import type { Kept } from './delivery.js';
import type { Operation } from './journal-entry.js';

type Work<Result> = (noteAttempts: (attempts: number) => void) => Promise<Kept<Result>>;

/** `signal`: the run's, which breaks off what is not finished. */
export function tracedStep<Result>(
  { name, branch }: Operation,
  signal: AbortSignal,
  work: Work<Result>,
): Promise<Kept<Result>> {
  const traces = tracing();
  if (traces === undefined) return work(ignored);
  const attributes = { 'continuo.step.name': name, 'continuo.branch': branch === '' ? undefined : branch };
  return traces.inSpan({ name: `step ${name}`, attributes, signal }, (span) =>
    work((attempts) => span.set({ 'continuo.step.attempts': attempts })),
  );
}

interface Waiting {
  readonly key: string;
  /** When an earlier run began to wait; undefined where this one does. */
  readonly from: Date | string | undefined;
  readonly clock: Clock;
}

/** Waits, by `work`, for what has the journal's `key`: what it begins meanwhile is below the wait's span. */
export async function tracedWait<Result>(
  { kind, name }: Pick<Operation, 'kind' | 'name'>,
  { key, from, clock }: Waiting,
  work: () => Promise<Result>,
): Promise<Result> {
  const traces = tracing();
  if (traces === undefined) return work();
  const begun = new Date(from ?? clock.now()).toISOString();
  const result = await traces.below(key, work);
  const child: Readonly<Record<string, unknown>> = kind === 'call' && isObject(result) ? result : {};
  const state = text(child['state']);
  const attributes = {
    'continuo.wait.kind': kind === 'call' ? 'child' : kind,
    'gen_ai.agent.name': kind === 'call' ? name : undefined,
    'a2a.task.id': text(child['taskId']),
    'a2a.task.state': state === undefined ? undefined : `TASK_STATE_${state}`,
  };
  const to = clock.now().toISOString();
  traces.tell({ name: kind === 'call' ? `call ${name}` : `wait ${kind}`, named: key, from: begun, to, attributes });
  return result;
}

function ignored(): void {
  // Without tracing nobody wants to know.
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
