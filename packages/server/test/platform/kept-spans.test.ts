/** Spans of a run that is not sampled: kept until it is known whether the run fails, without more memory than is theirs. */
import { INVALID_SPAN_CONTEXT } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { KeptSpans } from '../../src/platform/telemetry/kept-spans.js';

it('keeps the beginnings of long texts, whole characters of them', () => {
  const kept = new KeptSpans();
  const long = `${'a'.repeat(999)}😀${'b'.repeat(100_000)}`;
  const span = kept.start({ name: 'step', attributes: { long, short: 'short', count: 3 } }, INVALID_SPAN_CONTEXT);
  span.setAttributes({ later: long });
  span.end();
  const [only] = kept.take();
  expect(only?.attributes).toEqual({ long: 'a'.repeat(999), short: 'short', count: 3, later: 'a'.repeat(999) });
});

it('keeps the first spans of a run that has very many, and none after its end', () => {
  const kept = new KeptSpans();
  for (let n = 0; n < 500; n += 1) kept.start({ name: `step ${n}` }, INVALID_SPAN_CONTEXT).end();
  const unfinished = kept.start({ name: 'unfinished' }, INVALID_SPAN_CONTEXT);
  expect(kept.take().map(({ about }) => about.name)).toEqual(Array.from({ length: 200 }, (_, n) => `step ${n}`));
  unfinished.end();
  kept.start({ name: 'late' }, INVALID_SPAN_CONTEXT).end();
  expect(kept.take()).toEqual([]);
});
