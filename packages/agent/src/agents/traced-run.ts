/** A run as a span: of which task it is, what it is linked to, and how it ended. */
import { ContinuoError } from '../platform/errors.js';
import { tracing, type Tracing } from '../platform/tracing.js';
import { endsTheRun, TakenOver, type Run, type RunOutcome } from '../runs/run.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { isOfTheTask } from './run-outcome.js';

type Carry = () => Promise<RunOutcome>;

/** Without tracing there is nothing but the run. */
export function tracedRun(task: ClaimedTask, run: Run, instanceId: () => string, carry: Carry): Promise<RunOutcome> {
  const traces = tracing();
  if (traces === undefined) return carry();
  return task.trace === undefined
    ? traces.untraced(carry)
    : inRun(traces, { ...task, trace: task.trace }, run, instanceId(), carry);
}

function inRun(
  traces: Tracing,
  task: ClaimedTask & Required<Pick<ClaimedTask, 'trace'>>,
  { signal }: Run,
  instance: string,
  carry: Carry,
): Promise<RunOutcome> {
  const { id, agent, agentVersion, contextId, attempt, runCount, trace, token, answers } = task;
  const isLost = (): boolean => signal.aborted && wasTakenOver(signal.reason);
  // What came last is what it goes on with.
  const link = answers.at(-1)?.span;
  const about = {
    name: `run ${agent}`,
    links: link === undefined ? [] : [link],
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent,
      'gen_ai.agent.version': agentVersion ?? undefined,
      'gen_ai.conversation.id': contextId,
      'a2a.task.id': id,
      'continuo.attempt': attempt,
      'continuo.run.count': runCount,
      'continuo.instance.id': instance,
    },
    isFailure: (error: unknown) => !endsTheRun(error) && !isOfTheTask(error),
  };
  return traces.inRun({ ...about, trace, token, isLost }, async (span) => {
    const outcome = await carry().catch((error: unknown) => {
      span.set({ 'continuo.run.outcome': 'handed over' });
      throw error;
    });
    span.set({ 'continuo.run.outcome': outcome === 'ended' && isEnded(signal) ? 'ended from outside' : outcome });
    return outcome;
  });
}

function isEnded({ aborted, reason }: AbortSignal): boolean {
  return aborted && isOfTheTask(reason);
}

function wasTakenOver(reason: unknown): boolean {
  if (reason instanceof ContinuoError) return reason.code === 'RUN_LOST';
  return reason instanceof TakenOver;
}
