/** Where the SDK is our own: spans whose ids were fixed before they are told of, and spans that are sampled whatever was decided. */
import { randomUUID } from 'node:crypto';
import type { IdGenerator, Sampler, SamplingResult } from '@opentelemetry/sdk-trace-base';
import { spanIdOf } from './span-ids.js';

export interface Forced {
  readonly spanId?: string;
  /** Only what failed is exported of a trace that is not sampled. */
  readonly sampled?: boolean;
}

/** SamplingDecision.RECORD_AND_SAMPLED; the SDK is loaded only where it is used. */
const SAMPLED = 2;

export class ForcedSpans implements IdGenerator, Sampler {
  #next: Forced = {};

  constructor(private readonly sampler: Sampler) {}

  /** The one span that `start` starts is as `forced` says. */
  as<Result>(forced: Forced, start: () => Result): Result {
    this.#next = forced;
    try {
      return start();
    } finally {
      this.#next = {};
    }
  }

  generateTraceId(): string {
    return randomUUID().replaceAll('-', '');
  }

  generateSpanId(): string {
    return this.#next.spanId ?? spanIdOf(randomUUID());
  }

  shouldSample(...asked: Parameters<Sampler['shouldSample']>): SamplingResult {
    return this.#next.sampled === true ? { decision: SAMPLED } : this.sampler.shouldSample(...asked);
  }

  toString(): string {
    return `ForcedSpans{${this.sampler.toString()}}`;
  }
}
