/** What is known of artifacts at the end of a run: whether an answer is in them, and what they say without one. */
import { describe, expect, it } from 'vitest';
import { Published } from '@continuo/agent/internal/agents/published.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';

const HALF = 600_000;
const text = (letter: string, length = HALF): readonly Part[] => [{ text: letter.repeat(length) }];

function published(...artifacts: readonly (readonly Part[])[]): Published {
  return Published.of(artifacts.map((parts, index) => ({ artifactId: `a${index}`, parts })));
}

describe('text that is more than an answer', () => {
  it('is known again in each artifact, in however many pieces it came', () => {
    const all = published(text('a'), text('b'));
    for (const chunk of ['ccc', 'dd']) all.add('in pieces', [{ text: chunk }], true);
    const held = [text('a'), text('b'), [{ text: 'cccdd' }], text('c'), text('a', HALF - 1)].map((one) =>
      all.holds(one),
    );
    expect(held).toEqual([true, true, true, false, false]);
  });

  it('is not said again', () => {
    expect(published(text('a'), text('b')).said).toEqual([{ text: 'Done. The text is in the artifacts.' }]);
  });
});

it('what was replaced does not count', () => {
  const all = published(text('a'), [{ text: '!' }]);
  for (const letter of ['b', 'c']) all.add('a0', text(letter), false);
  expect(all.said).toEqual([{ text: `!${'c'.repeat(HALF)}` }]);
});

it('data that is more than an answer is left out, and what is said beside it stays', () => {
  const data = { rows: 'r'.repeat(HALF) };
  expect(published([{ data }]).said).toEqual([{ data }]);
  expect(published([{ data }], [{ data }]).said).toEqual([]);
  const all = published([{ data }], [{ data }], [{ text: 'Two tables.' }]);
  expect(all.said).toEqual([{ text: 'Two tables.' }]);
  expect(all.holds([{ data }])).toBe(true);
});
