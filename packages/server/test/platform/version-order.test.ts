/** Versions are in the order of Semantic Versioning, and whatever else people call a version is in some order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionOrder } from '@continuo/agent/internal/platform/version-order.js';

describe('the order of versions', () => {
  it.each([
    ['of numbers', ['0.0.1', '0.9.0', '0.10.0', '1.0.0', '1.0.1', '1.1.0', '9.0.0', '10.0.0', '2024.5.1', '2024.11.1']],
    [
      'of semver.org',
      [
        '1.0.0-alpha',
        '1.0.0-alpha.1',
        '1.0.0-alpha.beta',
        '1.0.0-beta',
        '1.0.0-beta.2',
        '1.0.0-beta.11',
        '1.0.0-rc.1',
        '1.0.0',
      ],
    ],
    ['of dates', ['2024-05-31', '2024-06-01', '2025-01-01']],
    ['of builds', ['1.0.0', '1.0.0+9', '1.0.0+10', '1.0.0+build', '1.0.1']],
    ['of what is no version', ['beta', 'gamma', '0.0.1', 'v1', '2', 'v2.1']],
  ])('%s', (_what, versions) => {
    const shuffled = versions.toReversed();
    expect(shuffled.toSorted((a, b) => (versionOrder(a) < versionOrder(b) ? -1 : 1))).toEqual(versions);
  });

  it('is the same for 1, 1.0, 1.0.0, v1.0.0 and 01.0', () => {
    expect(new Set(['1', '1.0', '1.0.0', 'v1.0.0', '01.0'].map(versionOrder)).size).toBe(1);
  });

  it('goes by the numbers, however many and large they are', () => {
    const numbers = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [x, y] = [versionOrder(a.join('.')), versionOrder(b.join('.'))];
        const differs = [0, 1, 2, 3, 4].find((place) => (a[place] ?? 0) !== (b[place] ?? 0));
        const less = differs !== undefined && (a[differs] ?? 0) < (b[differs] ?? 0);
        expect([x === y, x < y]).toEqual([differs === undefined, less]);
      }),
    );
  });
});
