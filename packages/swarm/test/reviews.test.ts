/** The reviewers' rules: what they find, and that a draft revised by what they say passes. */
import { describe, expect, it } from 'vitest';
import type { Piece } from '../src/campaign/piece.js';
import { channelIds, channelOf, type ChannelId } from '../src/channels/channels.js';
import { fit, textsOf, violationsOf, type Content } from '../src/channels/shape.js';
import { draftOf, revisedDraft } from '../src/members/drafts.js';
import { researchFromBrief, strategyFromBrief } from '../src/members/material.js';
import { complianceFindings } from '../src/review/compliance.js';
import { editorialFindings } from '../src/review/editorial.js';
import { readabilityOf } from '../src/review/readability.js';
import { seoFindings, seoReportOf } from '../src/review/seo.js';
import { sampleBrief } from './support/sample-brief.js';

function piece(channel: ChannelId, content: Content): Piece {
  return { channel, content, revision: 1, cut: [] };
}

function post(text: string): Piece {
  return piece('linkedin', { post: text });
}

const brief = sampleBrief();

describe('compliance', () => {
  it.each([
    ['Aqua keeps a litre cold for 12 hours.', []],
    ['Aqua cools 90 % faster.', ['Aqua cools 90 % faster.']],
    ['Twice as good. It costs $49 only.', ['It costs $49 only.']],
    ['Three of our 20,000 users say so.', ['Three of our 20,000 users say so.']],
    ['Aqua is the best bottle. It cools water.', ['Aqua is the best bottle.']],
    ['Guaranteed to cool.', ['Guaranteed to cool.']],
    ['There are 3 ways to carry it.', []],
    ['It takes 3 minutes.', ['It takes 3 minutes.']],
    ['See https://aqua.example/99 for 500 preorders.', []],
    ['Die Flasche ist führend und garantiert kalt.', ['Die Flasche ist führend und garantiert kalt.']],
  ])('%s', (text, quotes) => {
    expect(complianceFindings(brief, post(text)).map(({ quote }) => quote)).toEqual(quotes);
  });

  it('takes what the brief or a source says', () => {
    const claim = post('It is the lightest bottle: 250 g.');
    expect(complianceFindings(brief, claim)).toHaveLength(1);
    expect(complianceFindings(brief, claim, ['Aqua is the lightest bottle at 250 g.'])).toEqual([]);
    expect(complianceFindings(sampleBrief({ claims: ['the lightest bottle', '250 g'] }), claim)).toEqual([]);
    const priced = sampleBrief({ product: { name: 'Aqua', price: 49 } });
    expect(complianceFindings(priced, post('It costs $49.'))).toEqual([]);
  });

  it('wants disclosures, and a way to unsubscribe from emails', () => {
    const wanting = sampleBrief({ disclosures: ['Aqua Ltd pays for this.'] });
    expect(complianceFindings(wanting, post('Aqua cools.'))).toMatchObject([{ add: 'Aqua Ltd pays for this.' }]);
    expect(complianceFindings(wanting, post('Aqua cools. Aqua Ltd pays for this.'))).toEqual([]);
    const mail = piece('email-sequence', { emails: [{ subject: 'Aqua', preheader: 'Cold', body: 'Cold water.' }] });
    expect(complianceFindings(brief, mail)).toMatchObject([{ note: expect.stringContaining('unsubscribe') }]);
    const fund = sampleBrief({ product: 'Fund: An investment for everybody.' });
    expect(complianceFindings(fund, post('Put your money to work.'))).toMatchObject([
      { add: 'Investing puts your capital at risk.' },
    ]);
  });
});

describe('the editor', () => {
  it.each([
    ['Cold water for hikers.', 'never names the product'],
    ['Aqua!!! BUY IT NOW TODAY.', 'shouts'],
    ['Aqua by [your company].', 'placeholder'],
    [`Aqua ${'goes on and on '.repeat(20)}.`, 'too long'],
  ])('%s: %s', (text, note) => {
    expect(
      editorialFindings(brief, post(text))
        .map((finding) => finding.note)
        .join(' '),
    ).toContain(note);
  });

  it('accepts what is in order', () => {
    expect(editorialFindings(brief, post('Aqua cools water by itself. Hikers like that.'))).toEqual([]);
  });
});

describe('search', () => {
  const sections = [{ heading: 'Why', body: 'The cat sat on the mat. It was a cold day.' }];
  const page = (metaTitle: string, metaDescription: string): Piece =>
    piece('landing-page', {
      metaTitle,
      metaDescription,
      headline: 'Aqua',
      subheadline: 'Cold water',
      sections,
      callToAction: 'See Aqua',
    });

  it('measures titles, descriptions, keywords and readability', () => {
    const report = seoReportOf(page('Aqua bottle', 'Cold'), ['aqua', 'bottle', 'hiking gear'], 'en');
    expect(report).toMatchObject({ titleLength: 11, descriptionLength: 4, coverage: 0.67 });
    expect(report.keywords).toEqual([
      { keyword: 'aqua', count: 3, inTitle: true },
      { keyword: 'bottle', count: 1, inTitle: true },
      { keyword: 'hiking gear', count: 0, inTitle: false },
    ]);
    expect(seoFindings(page('Aqua bottle', 'Cold'), report).map(({ note }) => note)).toEqual([
      expect.stringContaining('metaTitle has 11'),
      expect.stringContaining('metaDescription has 4'),
    ]);
  });

  it('finds missing keywords', () => {
    const bare = page(
      'A title that is long enough to be shown',
      'A description that is long enough to be shown as a whole, or nearly so.',
    );
    const findings = seoFindings(bare, seoReportOf(bare, ['thermos', 'trekking'], 'en'));
    expect(findings.map(({ note }) => note)).toEqual([
      expect.stringContaining('none of the keywords'),
      expect.stringContaining('thermos, trekking'),
    ]);
  });

  it('computes readability as Flesch does, for English alone', () => {
    // 6 words of 6 syllables in a sentence: 206.835 - 1.015 * 6 - 84.6
    expect(readabilityOf('The cat sat on the mat.', 'en')).toEqual({ sentences: 1, words: 6, readingEase: 116.1 });
    const hard = 'Organisational interdependencies necessitate comprehensive administrative reconsideration.';
    expect(readabilityOf(hard, 'English').readingEase).toBeLessThan(0);
    expect(readabilityOf('Die Katze saß auf der Matte.', 'de').readingEase).toBeNull();
  });
});

describe('a draft without a model', () => {
  it.each(brief.channels)('%s passes every reviewer once it was revised by what they found', (channel) => {
    const wanting = sampleBrief({ disclosures: ['Aqua Ltd pays for this.'], claims: ['Made of steel'] });
    const research = researchFromBrief(wanting);
    const { shape } = channelOf(channel);
    const review = (one: Piece) => [
      ...editorialFindings(wanting, one),
      ...seoFindings(one, seoReportOf(one, research.keywords, 'en')),
      ...complianceFindings(wanting, one),
    ];
    const first = piece(channel, fit(shape, draftOf(wanting, strategyFromBrief(wanting, research), channel)));
    const second = { ...first, content: fit(shape, revisedDraft(wanting, first, review(first))) };
    expect(review(second)).toEqual([]);
  });

  it.each(channelIds)('for %s reads like a text: nothing twice, nothing left to fill in', (channel) => {
    for (const changes of [{}, { url: undefined }, { product: 'Aqua', url: undefined }]) {
      const own = sampleBrief({ ...changes, claims: ['Made of steel'] });
      const content = draftOf(own, strategyFromBrief(own, researchFromBrief(own)), channel);
      const all = textsOf(fit(channelOf(channel).shape, content)).filter(({ path }) => !/^meta|preheader/.test(path));
      const sentences = all.flatMap(({ text }) => text.split(/(?<=[.!?])\s+/)).map((one) => one.trim());
      expect(sentences.join(' ')).not.toMatch(/[[\]{}]|lorem|TODO|example\.com|undefined/i);
      // Each email is read by itself.
      const once = channel === 'email-sequence' ? [] : sentences;
      expect(once).toEqual([...new Set(once)]);
      expect(violationsOf(channelOf(channel).shape, fit(channelOf(channel).shape, content))).toEqual([]);
    }
  });

  it('loses the sentence that was quoted, gains the one that was missing, and leaves what a person asked for to those who can write', () => {
    const draft = post('Aqua cools. It is the best bottle. Hikers like it.');
    const findings = [
      { note: 'Unsupported.', quote: 'It is the best bottle.' },
      { note: 'Missing.', add: 'Aqua Ltd pays for this.' },
      { note: 'A matter of style.' },
      { note: 'Mention the colour.', asked: true },
    ];
    expect(revisedDraft(brief, draft, findings)).toEqual({
      post: 'Aqua cools. Hikers like it.\n\nAqua Ltd pays for this.',
    });
  });
});
