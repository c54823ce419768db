/** The limits of the channels: counted as each platform counts, and kept whatever was written. */
import { describe, expect, it } from 'vitest';
import { channelIds, channelOf } from '../src/channels/channels.js';
import { cutAtSentence } from '../src/channels/cut.js';
import { lengthOf } from '../src/channels/measure.js';
import { fit, textsOf, violationsOf, type Content } from '../src/channels/shape.js';
import { draftOf } from '../src/members/drafts.js';
import { researchFromBrief, strategyFromBrief } from '../src/members/material.js';
import { sampleBrief } from './support/sample-brief.js';

describe('what X counts', () => {
  it.each([
    ['hello', 5],
    ['grüße', 5],
    ['“quoted” – text', 15],
    ['日本語', 6],
    ['👍', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['👍🏽 ok', 5],
    ['❤️', 2],
    ['e\u0301', 1],
    ['https://example.com', 23],
    [`https://example.com/${'a'.repeat(300)}`, 23],
    ['See https://example.com/a?b=c, then go.', 'See , then go.'.length + 23],
    ['at example.com', 3 + 23],
    ['5 e.g. 3.5', 10],
  ])('%s: %i', (text, expected) => {
    expect(lengthOf(text, 'x')).toBe(expected);
  });
});

describe('what Google Ads counts', () => {
  it('a full-width character twice', () => {
    expect(lengthOf('Aqua', 'wide')).toBe(4);
    expect(lengthOf('水筒アクア', 'wide')).toBe(10);
  });
});

describe('cutting', () => {
  it('keeps whole sentences', () => {
    expect(cutAtSentence('One is short. Two is longer. Three.', 30, 'characters')).toBe('One is short. Two is longer.');
  });

  it('keeps whole words where no sentence fits, and says that something is missing', () => {
    expect(cutAtSentence('A sentence, that goes on and on', 14, 'characters')).toBe('A sentence…');
  });

  it('cuts inside a word at last, never inside a character', () => {
    expect(cutAtSentence('👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 4, 'x')).toBe('👨‍👩‍👧‍👦…');
  });
});

describe.each(channelIds)('%s', (id) => {
  const { shape } = channelOf(id);
  const endless = 'A sentence that says something about the bottle and its water. '.repeat(400);

  /** Every text far too long, every list far too full. */
  function tooMuch(of: Parameters<typeof fit>[0]): Content {
    if (of.kind === 'text') return endless;
    if (of.kind === 'list') return Array.from({ length: of.max + 5 }, () => tooMuch(of.of));
    return Object.fromEntries(Object.entries(of.fields).map(([name, inside]) => [name, tooMuch(inside)]));
  }

  it('says what is too long, and is cut to what fits', () => {
    const content = tooMuch(shape);
    expect(violationsOf(shape, content).length).toBeGreaterThan(0);
    const fitted = fit(shape, content);
    expect(violationsOf(shape, fitted)).toEqual([]);
    for (const { text } of textsOf(fitted)) expect(text).toMatch(/[.…]$/);
  });

  it('has a draft within its limits, whether the brief says much or little', () => {
    const long = {
      product: { name: 'Aqua '.repeat(20), description: endless.slice(0, 4_900) },
      audience: 'hikers who '.repeat(60),
    };
    for (const brief of [sampleBrief(), sampleBrief({ product: 'Aqua' }), sampleBrief(long)]) {
      const strategy = strategyFromBrief(brief, researchFromBrief(brief));
      const content = fit(shape, draftOf(brief, strategy, id));
      expect(violationsOf(shape, content)).toEqual([]);
    }
  });
});

it('Instagram counts the hashtags into the caption', () => {
  const { shape } = channelOf('instagram');
  const full = {
    caption: 'A sentence here. '.repeat(129).trim(),
    hashtags: Array.from({ length: 30 }, (_, n) => `#tag${n}`),
  };
  expect(violationsOf(shape, full)).toMatchObject([{ problem: expect.stringContaining('2200') }]);
  const fitted = fit(shape, full);
  expect(
    textsOf(fitted)
      .map(({ text }) => text)
      .join(' ').length,
  ).toBeLessThanOrEqual(2_200);
  expect(textsOf(fitted)).toHaveLength(31);
});
