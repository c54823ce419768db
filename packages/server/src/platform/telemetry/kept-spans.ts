/** The spans of a run whose trace is not sampled: kept, a bounded number of them, until it is known whether the run fails. */
import { randomUUID } from 'node:crypto';
import {
  TraceFlags,
  type Attributes,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  type SpanStatus,
} from '@opentelemetry/api';
import { startOf } from '@continuo/agent/internal/platform/text.js';
import type { SpanAbout, SpanAttributes } from '@continuo/agent/internal/platform/tracing.js';
import { present } from './open-otel-span.js';
import { spanIdOf } from './span-ids.js';

/** Of one run: of more the first ones are kept. */
const MOST_OF_A_RUN = 200;
/** Of all runs of the process together. */
const MOST = 20_000;
/** Characters of a text of an attribute. */
const LONGEST = 1_000;

let keptInAll = 0;

export class KeptSpans {
  readonly #spans: KeptSpan[] = [];
  #isOver = false;

  start(about: SpanAbout, parent: SpanContext, spanId?: string): KeptSpan {
    const span = new KeptSpan(about, parent, spanId);
    if (!this.#isOver && this.#spans.length < MOST_OF_A_RUN && keptInAll < MOST) {
      keptInAll += 1;
      this.#spans.push(span);
    }
    return span;
  }

  /** Those that have ended; nothing is kept from now on. */
  take(): readonly KeptSpan[] {
    this.#isOver = true;
    keptInAll -= this.#spans.length;
    return this.#spans.splice(0).filter(({ endedAt }) => endedAt !== undefined);
  }
}

/** Most of them are thrown away: nothing is made of what they hold before it is wanted. */
export class KeptSpan implements Span {
  readonly about: SpanAbout;
  startedAt = Date.now();
  readonly added: Attributes[] = [];
  readonly exceptions: { readonly exception: Exception; readonly at: Date }[] = [];
  readonly links: Link[] = [];
  status: SpanStatus | undefined;
  endedAt: number | undefined;
  #context: SpanContext | undefined;

  constructor(
    about: SpanAbout,
    readonly parent: SpanContext,
    private readonly spanId: string | undefined,
  ) {
    this.about = about.attributes === undefined ? about : { ...about, attributes: short(about.attributes) };
  }

  spanContext(): SpanContext {
    this.#context ??= {
      ...this.parent,
      spanId: this.spanId ?? spanIdOf(randomUUID()),
      isRemote: false,
      traceFlags: TraceFlags.NONE,
    };
    return this.#context;
  }

  get attributes(): Attributes {
    return present(Object.assign({}, this.about.attributes, ...this.added) as SpanAttributes);
  }

  setAttribute(name: string, value: Attributes[string]): this {
    return this.setAttributes({ [name]: value });
  }

  setAttributes(attributes: Attributes): this {
    this.added.push(short(attributes));
    return this;
  }

  setStatus(status: SpanStatus): this {
    this.status = status;
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(exception: Exception): void {
    this.exceptions.push({ exception, at: new Date() });
  }

  end(): void {
    this.endedAt ??= Date.now();
  }

  isRecording(): boolean {
    return this.endedAt === undefined;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }
}

/** With the beginnings of long texts alone, copied: else what was cut off would stay in memory with them. */
function short<Said extends Attributes | SpanAttributes>(attributes: Said): Said {
  const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > LONGEST;
  if (!Object.values(attributes).some(isLong)) return attributes;
  const cut = (text: string): string => Buffer.from(startOf(text, LONGEST)).toString();
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, isLong(value) ? cut(value) : value]),
  ) as Said;
}
