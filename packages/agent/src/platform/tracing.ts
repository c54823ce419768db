/** The seam to traces: what spans are made of, and whether there are any. Without tracing there is one look at a variable. */

/** What a span says. Undefined values are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface SpanAbout {
  readonly name: string;
  /** `client` calls another process, `server` answers one. Default: `internal`. */
  readonly kind?: 'internal' | 'client' | 'server';
  readonly attributes?: SpanAttributes;
  /** Other spans that led to this one, each as a traceparent (W3C Trace Context). */
  readonly links?: readonly string[];
  /** What breaks the work off is no failure of the span. */
  readonly signal?: AbortSignal | undefined;
  /** Whether what was thrown is the span's failure; else its work was only broken off. Default: it is. */
  readonly isFailure?: (error: unknown) => boolean;
}

/** A span whose work is being done. */
export interface OpenSpan {
  set(attributes: SpanAttributes): void;
  fail(error: unknown): void;
}

/** A span of something that is over. Times are ISO 8601. */
export interface PastSpan extends Omit<SpanAbout, 'signal' | 'isFailure'> {
  readonly from: string;
  readonly to: string;
  /** A UUID that the span's id is made of; without one it has a new id. */
  readonly named?: string;
  readonly failure?: { readonly name: string; readonly message: string } | undefined;
}

/** What is stored with a task of its trace. */
export interface StoredTrace {
  /** The task's own span, as a traceparent. */
  readonly task: string;
  /** The id of the span that began the task. */
  readonly parent: string;
  /** W3C's tracestate. */
  readonly state?: string;
  /** The token of the task's newest run. */
  readonly run?: string;
}

/** The trace of a task as the run finds it that has claimed it: `run` is the run before. */
export interface ClaimedTrace extends StoredTrace {
  /** The run before has ended with its process, which has told nobody of it. */
  readonly lost?: boolean;
}

export interface TracedRun extends SpanAbout {
  readonly trace: ClaimedTrace;
  readonly token: string;
  /** Whether another run has the task: that one tells of this one. */
  readonly isLost: () => boolean;
}

/** A request that is being answered. */
export interface OpenRequest extends OpenSpan {
  rename(name: string): void;
  /** Does `work` inside the span. */
  within<Result>(work: () => Result): Result;
  end(): void;
}

export interface Tracing {
  /** Does `work` inside a span below the present one; what it throws is noted, and thrown. */
  inSpan<Result>(about: SpanAbout, work: (span: OpenSpan) => Promise<Result>): Promise<Result>;
  /** The same below the span of a task, wherever that began. */
  inTask<Result>(trace: StoredTrace, about: SpanAbout, work: (span: OpenSpan) => Promise<Result>): Promise<Result>;
  /** A run of a task: where the trace isn't exported, its spans are all the same when the run fails. */
  inRun<Result>(about: TracedRun, work: (span: OpenSpan) => Promise<Result>): Promise<Result>;
  /** A run of a task that was accepted without tracing: there are no spans of it. */
  untraced<Result>(work: () => Result): Result;
  /** Does `work` below a span that is told of when it is over, under this name, perhaps by another process. */
  below<Result>(named: string, work: () => Result): Result;
  /** Tells of something that is over: below the present span, or below that of a task. */
  tell(past: PastSpan, below?: StoredTrace): void;
  /** Tells of the task itself, which has ended. `again`: it had ended before, and was retried. */
  tellOfTask(trace: StoredTrace, past: PastSpan, again: boolean): void;
  /** Begins a span of a request that may continue its caller's trace; undefined where one of the host's is there. */
  request(about: SpanAbout, header: (name: string) => string | undefined): OpenRequest | undefined;
  /** What a task of `agent` keeps that begins now, with the token of its first run. */
  newTask(agent: string, token: string | undefined): StoredTrace | undefined;
  /** The present span, as a traceparent. */
  here(): string | undefined;
  /** The headers by which others continue the trace. */
  headers(): Readonly<Record<string, string>>;
  /** What log lines say of the present span. */
  ids(): { readonly trace_id: string; readonly span_id: string } | undefined;
  /** Adds to the present span. */
  note(attributes: SpanAttributes): void;
  /** The present span has failed, though nothing is thrown. */
  fail(error: unknown): void;
  /** Whether spans may say what models were asked, and what they and tools answered. */
  readonly withContents: boolean;
  /** What spans may say of such a value, as JSON: cut, and without secrets. Undefined where they may say nothing. */
  contents(value: unknown): string | undefined;
}

let current: Tracing | undefined;

/** Undefined where there are no traces. */
export function tracing(): Tracing | undefined {
  return current;
}

/** From now on spans are made by `next`; undefined ends it. */
export function traceWith(next: Tracing | undefined): void {
  current = next;
}
