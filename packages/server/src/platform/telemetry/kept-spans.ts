/** The spans of a run whose trace is not sampled: kept, a bounded number of them, until it is known whether the run fails. */
import {
  TraceFlags,
  type Attributes,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  type SpanOptions,
  type SpanStatus,
} from '@opentelemetry/api';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { spanIdOf } from './span-ids.js';

/** Of one run: of more the first ones are kept. */
const MOST_OF_A_RUN = 200;
/** Of all runs of the process together. */
const MOST = 20_000;
/** Characters of a text. */
const LONGEST = 1_000;

let keptInAll = 0;

export class KeptSpans {
  readonly #spans: KeptSpan[] = [];
  #isOver = false;

  start(name: string, options: SpanOptions, parent: SpanContext, spanId = spanIdOf(newId())): KeptSpan {
    const span = new KeptSpan(name, options, parent, spanId);
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

export class KeptSpan implements Span {
  readonly startedAt: Date;
  readonly attributes: Attributes = {};
  readonly links: readonly Link[];
  readonly exceptions: { readonly exception: Exception; readonly at: Date }[] = [];
  status: SpanStatus | undefined;
  endedAt: Date | undefined;
  readonly #context: SpanContext;

  constructor(
    public name: string,
    readonly options: SpanOptions,
    readonly parent: SpanContext,
    spanId: string,
  ) {
    this.startedAt = options.startTime instanceof Date ? options.startTime : new Date();
    this.links = options.links ?? [];
    this.#context = { ...parent, spanId, isRemote: false, traceFlags: TraceFlags.NONE };
    this.setAttributes(options.attributes ?? {});
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  setAttribute(name: string, value: Attributes[string]): this {
    this.attributes[name] = typeof value === 'string' ? value.slice(0, LONGEST) : value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const [name, value] of Object.entries(attributes)) this.setAttribute(name, value);
    return this;
  }

  setStatus(status: SpanStatus): this {
    this.status = status;
    return this;
  }

  updateName(name: string): this {
    this.name = name;
    return this;
  }

  recordException(exception: Exception): void {
    this.exceptions.push({ exception, at: new Date() });
  }

  end(): void {
    this.endedAt ??= new Date();
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
