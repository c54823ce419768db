/** Ids of spans that are known before the span is told of, and where spans are, as W3C's Trace Context writes it. */
import { createTraceState, isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import type { StoredTrace } from '@continuo/agent/internal/platform/tracing.js';

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;

/** The same for the same UUID: what of it is random, or a hash. */
export function spanIdOf(uuid: string): string {
  return uuid.replaceAll('-', '').slice(16);
}

/** When a UUIDv7 was made. */
export function timeOf(uuid: string): Date {
  return new Date(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16));
}

export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Undefined for what is none. */
export function spanContextOf(traceparent: string, state?: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const known = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  const span = state === undefined ? known : { ...known, traceState: createTraceState(state) };
  return isSpanContextValid(span) ? span : undefined;
}

/** Of the task's own span. */
export function spanContextOfTask({ task, state }: StoredTrace): SpanContext | undefined {
  return spanContextOf(task, state);
}
