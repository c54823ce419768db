/** What has to be known of a task for its trace. */
import type { StoredTrace } from '@continuo/agent/internal/platform/tracing.js';

/** What the row of a task that was accepted with tracing says. */
export interface TracedTask {
  readonly trace: StoredTrace;
  /** ISO 8601, as the next. */
  readonly begunAt: string;
  /** When its newest attempt began; null for the first. */
  readonly retriedAt: string | null;
}

/** A task that waited for a person. */
export interface Waited {
  /** The id of the message that asked. */
  readonly question: string;
  /** ISO 8601. */
  readonly since: string;
  /** The span of whoever answers, as a traceparent. */
  readonly by?: string | undefined;
}
