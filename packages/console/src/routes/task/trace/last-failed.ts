/** Finds the step that a task failed of. */
import type { TraceNode } from '@continuo/client';
import { compare } from '../../../formats.js';
import type { Span } from './spans.js';

/** The step of a task, not of those that it called, that failed last. */
export function lastFailed({ spans, taskId }: Span): TraceNode | undefined {
  const own = spans.filter((span) => span.taskId === taskId);
  const all = own.flatMap((span) => {
    const isFailed =
      span.state === 'failed' && (span.kind === 'step' || span.kind === 'remote' || span.kind === 'tool');
    return [lastFailed(span), isFailed ? span.node : undefined].filter((node) => node !== undefined);
  });
  return all.toSorted((a, b) => compare(a.endedAt ?? '', b.endedAt ?? '')).at(-1);
}
