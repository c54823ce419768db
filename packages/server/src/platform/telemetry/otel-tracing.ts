/** Spans by OpenTelemetry's API, with whatever SDK is behind it: our own, or the one that the host has set up. */
import {
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { shown, type Hide } from '@continuo/agent/internal/platform/shown.js';
import type {
  OpenRequest,
  OpenSpan,
  PastSpan,
  SpanAbout,
  SpanAttributes,
  StoredTrace,
  TracedRun,
  Tracing,
} from '@continuo/agent/internal/platform/tracing.js';
import type { Forced, ForcedSpans } from './forced-spans.js';
import { KeptSpan, KeptSpans } from './kept-spans.js';
import { kinds, noteFailure, OpenOtelSpan, present } from './open-otel-span.js';
import { spanContextOf, spanContextOfTask, spanIdOf, timeOf, traceparentOf } from './span-ids.js';

export interface OtelTracingParts {
  readonly tracer: Tracer;
  /** Undefined where the SDK is the host's: spans then have the ids that it gives them, and what it doesn't sample is lost. */
  readonly forced: ForcedSpans | undefined;
  /** Whether the spans of failed runs are exported that are not sampled. */
  readonly keepFailed: boolean;
  readonly withContents: boolean;
  readonly hide: Hide;
}

const KEPT = createContextKey('continuo: kept spans');
const LOST = 'The process that carried out this run is gone.';

export class OtelTracing implements Tracing {
  constructor(private readonly parts: OtelTracingParts) {}

  get withContents(): boolean {
    return this.parts.withContents;
  }

  contents(value: unknown): string | undefined {
    return this.parts.withContents ? shown(value, this.parts.hide) : undefined;
  }

  inSpan<Result>(about: SpanAbout, work: (span: OpenSpan) => Promise<Result>): Promise<Result> {
    const parent = context.active();
    return this.#within(this.#start(about, parent), parent, about, work);
  }

  inTask<Result>(task: StoredTrace, about: SpanAbout, work: (span: OpenSpan) => Promise<Result>): Promise<Result> {
    const parent = this.#below(spanContextOfTask(task));
    return this.#within(this.#start(about, parent), parent, about, work);
  }

  async inRun<Result>(
    { trace: stored, token, isLost, ...about }: TracedRun,
    work: (span: OpenSpan) => Promise<Result>,
  ): Promise<Result> {
    const task = spanContextOfTask(stored);
    if (task === undefined) return this.untraced(() => work(this.#open(trace.wrapSpanContext(INVALID_SPAN_CONTEXT))));
    const before = this.#before(stored, task, token);
    if (stored.lost === true && stored.run !== undefined) this.#tellOfLost(stored.run, about, task);
    const spanId = spanIdOf(token);
    const kept = this.#keeps(task) ? new KeptSpans() : undefined;
    const parent = this.#below(task);
    const span =
      kept?.start(about, task, spanId) ??
      this.#forced({ spanId }, () => this.parts.tracer.startSpan(about.name, optionsOf(about, before), parent));
    if (span instanceof KeptSpan) span.links.push(...before);
    const within = kept === undefined ? parent : parent.setValue(KEPT, kept);
    const open = this.#open(span);
    try {
      return await context.with(trace.setSpan(within, span), work, undefined, open);
    } catch (error) {
      if (isFailureOf(about, error)) open.fail(error);
      throw error;
    } finally {
      // Another run has the task, and tells of this one.
      if (!isLost()) span.end();
      const spans = kept?.take() ?? [];
      if (kept !== undefined && isFailed(span)) for (const one of spans) this.#export(one);
    }
  }

  untraced<Result>(work: () => Result): Result {
    return context.with(trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT), work);
  }

  below<Result>(named: string, work: () => Result): Result {
    const parent = context.active();
    const here = trace.getSpanContext(parent);
    if (this.parts.forced === undefined || here === undefined || here.spanId === INVALID_SPAN_CONTEXT.spanId) {
      return work();
    }
    return context.with(trace.setSpanContext(parent, { ...here, spanId: spanIdOf(named) }), work);
  }

  tell(past: PastSpan, below?: StoredTrace): void {
    const { named } = past;
    const forced = named === undefined ? {} : { spanId: spanIdOf(named) };
    const parent = below === undefined ? context.active() : this.#below(spanContextOfTask(below));
    const kept = parent.getValue(KEPT) as KeptSpans | undefined;
    const here = trace.getSpanContext(parent);
    if (here === undefined || !trace.isSpanContextValid(here)) return;
    if (kept === undefined) this.#tell(past, parent, forced);
    else {
      const span = kept.start(past, here, forced.spanId);
      span.startedAt = Date.parse(past.from);
      this.#fail(span, past);
      span.endedAt = Date.parse(past.to);
    }
  }

  tellOfTask(stored: StoredTrace, past: PastSpan, again: boolean): void {
    const task = spanContextOfTask(stored);
    // The host's SDK has been told when it was accepted.
    if (task === undefined || this.parts.forced === undefined) return;
    const sampled = past.failure !== undefined && this.#keeps(task);
    if (!sampled && (task.traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (again) return this.#tell(past, this.#below(task), { sampled });
    this.#tell(past, this.#below({ ...task, spanId: stored.parent }), { spanId: task.spanId, sampled });
  }

  request(about: SpanAbout, header: (name: string) => string | undefined): OpenRequest | undefined {
    if (trace.getActiveSpan() !== undefined) return undefined;
    const carrier = { get: (_: unknown, name: string) => header(name), keys: () => [] };
    const parent = propagation.extract(context.active(), {}, carrier);
    const span = this.parts.tracer.startSpan(about.name, optionsOf(about), parent);
    const open = this.#open(span);
    return Object.assign(open, {
      within: <Result>(work: () => Result): Result => context.with(trace.setSpan(parent, span), work),
      rename: (name: string) => void span.updateName(name),
      end: () => span.end(),
    });
  }

  newTask(agent: string, token: string | undefined): StoredTrace | undefined {
    const active = trace.getActiveSpan();
    const parent = active?.spanContext() ?? this.#accepted(agent);
    if (!trace.isSpanContextValid(parent)) return undefined;
    const span =
      this.parts.forced === undefined
        ? this.#accepted(agent, `task ${agent}`)
        : { ...parent, spanId: spanIdOf(newId()) };
    const state = parent.traceState?.serialize();
    return {
      task: traceparentOf(span),
      parent: parent.spanId,
      ...(state === undefined || state === '' ? {} : { state }),
      ...(token === undefined ? {} : { run: token }),
    };
  }

  here(): string | undefined {
    const here = trace.getSpanContext(context.active());
    return here === undefined || !trace.isSpanContextValid(here) ? undefined : traceparentOf(here);
  }

  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    return headers;
  }

  ids(): { readonly trace_id: string; readonly span_id: string } | undefined {
    const here = trace.getSpanContext(context.active());
    if (here === undefined || !trace.isSpanContextValid(here)) return undefined;
    return { trace_id: here.traceId, span_id: here.spanId };
  }

  note(attributes: SpanAttributes): void {
    trace.getActiveSpan()?.setAttributes(present(attributes));
  }

  fail(error: unknown): void {
    const span = trace.getActiveSpan();
    if (span !== undefined) noteFailure(span, error, this.parts.hide);
  }

  #start(about: SpanAbout, parent: Context): Span {
    const here = trace.getSpanContext(parent);
    if (here !== undefined) {
      if (!trace.isSpanContextValid(here)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
      const kept = parent.getValue(KEPT) as KeptSpans | undefined;
      if (kept !== undefined) return kept.start(about, here);
    }
    return this.parts.tracer.startSpan(about.name, optionsOf(about), parent);
  }

  async #within<Result>(
    span: Span,
    parent: Context,
    about: SpanAbout,
    work: (span: OpenSpan) => Promise<Result>,
  ): Promise<Result> {
    const open = this.#open(span);
    try {
      return await context.with(trace.setSpan(parent, span), work, undefined, open);
    } catch (error) {
      if (isFailureOf(about, error)) open.fail(error);
      else open.set({ 'continuo.interrupted': true });
      throw error;
    } finally {
      span.end();
    }
  }

  #open(span: Span): OpenOtelSpan {
    return new OpenOtelSpan(span, this.parts.hide);
  }

  #below(span: SpanContext | undefined): Context {
    return trace.setSpanContext(ROOT_CONTEXT, span ?? INVALID_SPAN_CONTEXT);
  }

  /** Whether the spans of such a trace are exported where something fails, and only there. */
  #keeps({ traceFlags }: SpanContext): boolean {
    const { forced, keepFailed } = this.parts;
    return keepFailed && forced !== undefined && (traceFlags & TraceFlags.SAMPLED) === 0;
  }

  /** A link to the run before, whose id is known. */
  #before({ run }: StoredTrace, task: SpanContext, token: string): readonly Link[] {
    if (run === undefined || run === token || this.parts.forced === undefined) return [];
    return [{ context: { ...task, spanId: spanIdOf(run) }, attributes: { 'continuo.link': 'run before' } }];
  }

  #tellOfLost(token: string, { name, attributes }: SpanAbout, task: SpanContext): void {
    if (this.parts.forced === undefined) return;
    const failure = { name: 'InstanceLost', message: LOST };
    const times = { from: timeOf(token).toISOString(), to: new Date().toISOString() };
    const about = { 'gen_ai.agent.name': attributes?.['gen_ai.agent.name'], 'continuo.run.outcome': 'lost' };
    const past = { name, ...times, attributes: about, failure };
    this.#tell(past, this.#below(task), { spanId: spanIdOf(token), sampled: this.#keeps(task) });
  }

  #tell(past: PastSpan, parent: Context, forced: Forced): void {
    const options = { ...optionsOf(past), startTime: new Date(past.from) };
    const span = this.#forced(forced, () => this.parts.tracer.startSpan(past.name, options, parent));
    this.#fail(span, past);
    span.end(new Date(past.to));
  }

  #fail(span: Span, { failure, to }: PastSpan): void {
    if (failure === undefined || !span.isRecording()) return;
    const message = this.parts.hide(failure.message);
    span.recordException({ name: failure.name, message }, new Date(to));
    span.setAttributes({ 'error.type': failure.name });
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  #export(kept: KeptSpan): void {
    const { spanId } = kept.spanContext();
    const { about, attributes, links, startedAt: startTime, exceptions, status } = kept;
    const options = { ...optionsOf(about, links), attributes, startTime };
    const parent = this.#below(kept.parent);
    const start = (): Span => this.parts.tracer.startSpan(about.name, options, parent);
    const span = this.#forced({ spanId, sampled: true }, start);
    for (const { exception, at } of exceptions) span.recordException(exception, at);
    if (status !== undefined) span.setStatus(status);
    span.end(kept.endedAt);
  }

  #forced<Result>(forced: Forced, start: () => Result): Result {
    return this.parts.forced?.as(forced, start) ?? start();
  }

  /** The first span of a trace that no request began; of one that the host's SDK makes, the task's own as well. */
  #accepted(agent: string, name = `accept ${agent}`): SpanContext {
    const span = this.parts.tracer.startSpan(name, { attributes: { 'gen_ai.agent.name': agent } });
    span.end();
    return span.spanContext();
  }
}

function isFailed(span: Span): boolean {
  return span instanceof KeptSpan && span.status?.code === SpanStatusCode.ERROR;
}

function isFailureOf({ signal, isFailure }: SpanAbout, error: unknown): boolean {
  return signal?.aborted !== true && (isFailure?.(error) ?? true);
}

function optionsOf(about: Omit<SpanAbout, 'signal' | 'isFailure'>, more: readonly Link[] = []): SpanOptions {
  return {
    kind: kinds[about.kind ?? 'internal'],
    attributes: present(about.attributes),
    links: [...linksOf(about), ...more],
  };
}

function linksOf({ links = [] }: Pick<SpanAbout, 'links'>): readonly Link[] {
  return links.flatMap((link) => spanContextOf(link) ?? []).map((found) => ({ context: found }));
}
