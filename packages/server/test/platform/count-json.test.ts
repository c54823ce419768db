/** Counting a JSON text without understanding it gives what understanding it would give. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseBeyond, refuseParsedBeyond, type JsonBounds } from '../../src/platform/count-json.js';
import { heavyValues } from '../support/heavy-bodies.js';

const bounds: JsonBounds = { values: 100_000, levels: 208, nameBytes: 1_024 };

interface Counted {
  readonly values: number;
  readonly levels: number;
  readonly nameBytes: number;
}

function countOf(value: unknown): Counted {
  if (typeof value !== 'object' || value === null) return { values: 1, levels: 0, nameBytes: -1 };
  const inner = Object.values(value).map(countOf);
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return {
    values: 1 + inner.reduce((sum, { values }) => sum + values, 0),
    levels: 1 + Math.max(0, ...inner.map(({ levels }) => levels)),
    nameBytes: Math.max(
      -1,
      ...names.map((name) => JSON.stringify(name).length - 2),
      ...inner.map((one) => one.nameBytes),
    ),
  };
}

const passes = (json: string, own: JsonBounds): boolean => {
  try {
    refuseBeyond(Buffer.from(json), own);
    return true;
  } catch {
    return false;
  }
};

describe('a JSON text', () => {
  it('is counted exactly, whatever its texts hold', () => {
    const anything = fc.jsonValue({
      maxDepth: 5,
      stringUnit: fc.constantFrom('a', '"', '\\', '[', '}', ',', ':', '1', ' '),
    });
    fc.assert(
      fc.property(anything, fc.constantFrom(undefined, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const exact = countOf(JSON.parse(json));
        expect(passes(json, exact)).toBe(true);
        expect(passes(json, { ...exact, values: exact.values - 1 })).toBe(false);
        expect(passes(json, { ...exact, levels: exact.levels - 1 })).toBe(exact.levels === 0);
        expect(passes(json, { ...exact, nameBytes: exact.nameBytes - 1 })).toBe(exact.nameBytes < 0);
        const parsed: unknown = JSON.parse(json);
        expect(() => refuseParsedBeyond(parsed, exact)).not.toThrow();
        expect(() => refuseParsedBeyond(parsed, { ...exact, values: exact.values - 1 })).toThrow('at most');
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(heavyValues))('of two megabytes of %s is refused, saying which bound', (_name, value) => {
    const json = Buffer.from(value(2_000_000));
    expect(() => refuseBeyond(json, bounds)).toThrow(/^body: expected (at most \d+ (values|levels)|names of at most)/);
  });

  it('that is no JSON is left to the parser', () => {
    for (const json of ['', '"', '"a\\', '{"a', ']]]]', ':::', '{"a":"b', 'nonsense', '"\\']) {
      expect(() => refuseBeyond(Buffer.from(json), bounds)).not.toThrow();
    }
  });

  it('of one long text, or of as many values as are allowed, passes', () => {
    const long = JSON.stringify({ text: 'The "quick" \\ fox, [{1,2}]: '.repeat(350_000) });
    expect(passes(long, bounds)).toBe(true);
    expect(passes(JSON.stringify(Array.from({ length: 99_999 }, () => ({})).slice()), bounds)).toBe(true);
  });
});
