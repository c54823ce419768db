/** A call of a remote agent as a span, as drafted for A2A; what is sent inside it continues the trace. */
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { webUrl } from '../../platform/web-url.js';

export interface RemoteOperation {
  /** As A2A 1.0 names it. */
  readonly method: 'SendMessage' | 'SubscribeToTask';
  readonly cardUrl: string;
  /** The remote task, where there is one. */
  readonly taskId?: string | undefined;
  /** What breaks it off is no failure of it. */
  readonly signal: AbortSignal;
}

export function tracedRemote<Result>(
  { method, cardUrl, taskId, signal }: RemoteOperation,
  work: () => Promise<Result>,
): Promise<Result> {
  const traces = tracing();
  if (traces === undefined) return work();
  const attributes = {
    'a2a.method.name': method,
    'gen_ai.operation.name': 'invoke_agent',
    'a2a.task.id': taskId,
    'server.address': webUrl(cardUrl)?.hostname,
  };
  return traces.inSpan({ name: method, kind: 'client', attributes, signal }, work);
}
