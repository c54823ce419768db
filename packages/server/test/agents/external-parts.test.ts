/** What is new of a remote artifact, however the remote agent has cut and joined it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { joinParts } from '@continuo/agent/internal/tasks/fold.js';
import { joined, newParts } from '../../src/agents/external/parts.js';

const text = fc.string({ unit: 'grapheme', maxLength: 4 });
const part = fc.oneof(
  text.map((said): Part => ({ text: said })),
  text.map((said): Part => ({ text: said, mediaType: 'text/markdown' })),
  text.map((said): Part => ({ text: said, filename: 'a.txt' })),
  text.map((said): Part => ({ text: said, metadata: { own: 1 } })),
  fc.jsonValue({ maxDepth: 1 }).map((data): Part => ({ data })),
);

it('is added to what was shown before, whatever came in between, when the remote agent joins as we do', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.nat(8), (parts, cut) => {
      const before = joined(parts.slice(0, cut));
      const more = newParts(before, joined(joinParts(parts)));
      expect(more).toBeDefined();
      expect(joined([...before, ...(more ?? [])])).toEqual(joined(parts));
    }),
    { numRuns: 500 },
  );
});

it('is not to be had of an artifact that begins otherwise', () => {
  expect(newParts([{ text: 'ab' }], [{ text: 'ax' }])).toBeUndefined();
  expect(newParts([{ text: 'ab' }], [{ text: 'abc', mediaType: 'text/markdown' }])).toBeUndefined();
  expect(newParts([{ data: 1 }, { text: 'a' }], [{ data: 2 }, { text: 'ab' }])).toBeUndefined();
});
