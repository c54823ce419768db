/** An attempt to deliver as a span of the trace of its task. */
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { DueDelivery } from './due-deliveries.js';

interface Answered {
  readonly status: number | null;
  readonly error: string | null;
}

class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

/** What is sent by `post` continues the trace. */
export function tracedDelivery<Result extends Answered>(
  { trace, target, id, attempts, taskId }: DueDelivery,
  signal: AbortSignal,
  post: () => Promise<Result>,
): Promise<Result> {
  const traces = tracing();
  if (traces === undefined) return post();
  if (trace === null) return traces.untraced(post);
  const attributes = {
    'http.request.method': 'POST',
    'server.address': new URL(target.url).hostname,
    'a2a.task.id': taskId,
    'continuo.webhook.id': target.id,
    'continuo.delivery.id': id,
    'continuo.delivery.attempt': attempts + 1,
  };
  return traces.inTask(trace, { name: 'deliver webhook', kind: 'client', attributes, signal }, async (span) => {
    const answered = await post();
    const { status, error } = answered;
    span.set({ 'http.response.status_code': status ?? undefined });
    if (status === null || status >= 300) span.fail(new NotDelivered(error ?? `It answered with ${status}.`));
    return answered;
  });
}
