/** A span of OpenTelemetry's, as the code of this server knows spans. */
import { SpanKind, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { ContinuoError, messageOf, nameOf, readable } from '@continuo/agent/internal/platform/errors.js';
import { cutToBytes } from '@continuo/agent/internal/platform/text.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { OpenSpan, SpanAbout, SpanAttributes } from '@continuo/agent/internal/platform/tracing.js';

export const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
} as const satisfies Record<NonNullable<SpanAbout['kind']>, SpanKind>;

/** Bytes of what is said of a failure, and of where it came from. */
const MOST_MESSAGE_BYTES = 8 * 1024;
const MOST_STACK_BYTES = 16 * 1024;

export class OpenOtelSpan implements OpenSpan {
  constructor(
    readonly span: Span,
    private readonly hide: Hide,
  ) {}

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(present(attributes));
  }

  fail(error: unknown): void {
    noteFailure(this.span, error, this.hide);
  }
}

/** What was thrown may say anything: secrets that the configuration holds are taken out, as in the log. */
export function noteFailure(span: Span, error: unknown, hide: Hide): void {
  if (!span.isRecording()) return;
  const message = cutToBytes(hide(messageOf(error)), MOST_MESSAGE_BYTES);
  const stack = cutToBytes(hide(readable(error).stack ?? ''), MOST_STACK_BYTES);
  span.recordException({ name: nameOf(error), message, stack });
  span.setAttributes({ 'error.type': error instanceof ContinuoError ? error.code : nameOf(error) });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

export function present(attributes: SpanAttributes = {}): Attributes {
  const set: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) set[name] = typeof value === 'object' ? [...value] : value;
  }
  return set;
}
