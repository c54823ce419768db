/** OpenTelemetry's SDK, as its settings say: loaded only where traces are exported. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { context, propagation, trace } from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Log } from '../log.js';
import { ForcedSpans } from './forced-spans.js';
import { SlotContextManager } from './slot-context-manager.js';
import type { ExportSettings, SamplerName, TelemetrySettings } from './telemetry-settings.js';

export interface Sdk {
  readonly forced: ForcedSpans;
  /** Sends what is there, and ends it. */
  shutdown(): Promise<void>;
}

/** Sets it up for the whole process. */
export function startSdk(settings: TelemetrySettings, to: ExportSettings, log: Log): Sdk {
  const { headers, resource } = settings;
  const Exporter = to.protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  const exporter = new ToldExporter(new Exporter({ url: to.url, headers: { ...headers } }), log);
  const forced = new ForcedSpans(samplerOf(to.sampler, to.ratio));
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.instance.id': newId(), ...resource }),
    sampler: forced,
    idGenerator: forced,
    spanProcessors: [new Outside(new BatchSpanProcessor(exporter))],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new SlotContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    forced,
    shutdown: async () => {
      trace.disable();
      context.disable();
      propagation.disable();
      await provider.shutdown();
    },
  };
}

function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = name.replace('parentbased_', '');
  const own =
    root === 'always_on'
      ? new AlwaysOnSampler()
      : root === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return root === name ? own : new ParentBasedSampler({ root: own });
}

/** Says once that spans get lost, and once that they don't any more. */
class ToldExporter implements SpanExporter {
  #isAway = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Log,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.exporter.export(spans, (result) => {
      const isAway = result.code !== ExportResultCode.SUCCESS;
      if (isAway && !this.#isAway) {
        const err = messageOf(result.error ?? 'it did not say why');
        this.log.warn({ err }, 'traces could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT; they are lost until they can');
      } else if (!isAway && this.#isAway) this.log.info('traces are sent again');
      this.#isAway = isAway;
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

/** Sends spans in nobody's name: else it would be in that of the task whose span happened to be the first. */
class Outside implements SpanProcessor {
  readonly #outside = AsyncLocalStorage.snapshot();

  constructor(private readonly processor: SpanProcessor) {}

  onStart(...started: Parameters<SpanProcessor['onStart']>): void {
    this.processor.onStart(...started);
  }

  onEnd(span: ReadableSpan): void {
    this.#outside(() => this.processor.onEnd(span));
  }

  forceFlush(): Promise<void> {
    return this.processor.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.processor.shutdown();
  }
}
