/** What a brief may look like, and what people are told when it can't be used. */
import { describe, expect, it } from 'vitest';
import { briefFromText, labelled } from '../src/brief/brief-from-text.js';
import { parseBrief } from '../src/brief/brief.js';
import { channelIds } from '../src/channels/channels.js';
import { sample, sampleBrief } from './support/sample-brief.js';

describe('a brief as data', () => {
  it('is taken as people write it', () => {
    expect(sampleBrief()).toMatchObject({
      product: {
        name: 'Aqua',
        description: expect.stringContaining('12 hours'),
        url: 'https://aqua.example/shop?ref=home',
      },
      channels: channelIds,
      budget: { amount: 5_000, currency: 'EUR' },
      approval: 'required',
    });
  });

  it('means the same when it is read again', () => {
    const brief = sampleBrief({ season: 'spring' });
    expect(parseBrief(JSON.parse(JSON.stringify(brief)))).toEqual(brief);
    expect(brief.background).toEqual({ season: 'spring' });
  });

  it.each([
    [{ channels: ['twitter', 'X', 'x-thread', 'Newsletter'] }, { channels: ['x-thread', 'email-sequence'] }],
    [{ channels: 'LinkedIn, Instagram' }, { channels: ['linkedin', 'instagram'] }],
    [{ channels: undefined }, { channels: channelIds }],
    [{ budget: 1_234.5 }, { budget: { amount: 1_234.5, currency: 'EUR' } }],
    [{ budget: '$5,000' }, { budget: { amount: 5_000, currency: 'USD' } }],
    [{ budget: '1.500,50 EUR' }, { budget: { amount: 1_500.5, currency: 'EUR' } }],
    [{ budget: null }, { budget: undefined }],
    [{ startDate: '2027-03-01T09:00:00Z' }, { startDate: '2027-03-01' }],
    [{ approval: 'none' }, { approval: 'none' }],
    [{ audience: ['hikers', 'climbers'] }, { audience: 'hikers, climbers' }],
    [{ url: undefined, product: { name: 'Aqua', price: '$49' } }, { product: { name: 'Aqua', price: '$49' } }],
  ])('%j becomes %j', (given, expected) => {
    const brief = sampleBrief(given);
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, brief[key as keyof typeof brief]]))).toEqual(
      expected,
    );
  });

  it.each([
    [{ product: undefined }, 'product: expected'],
    [{ product: '' }, 'product.name: expected'],
    [{ audience: undefined }, 'audience: expected'],
    [{ goal: 7 }, 'goal: expected'],
    [{ channels: [] }, 'channels: expected at least one of landing-page'],
    [{ channels: ['LinkedIn', 'fax'] }, 'channels[1]: expected one of landing-page'],
    [{ budget: -1 }, 'budget.amount: expected'],
    [{ budget: 'a lot' }, 'budget: expected an amount'],
    [{ startDate: 'tomorrow' }, 'startDate: expected a date'],
    [{ startDate: '2027-02-30' }, 'startDate: expected a date'],
    [{ approval: 'maybe' }, 'approval: expected "required" or "none"'],
    [{ url: 'javascript:alert(1)' }, 'product.url: expected a URL'],
  ])('%j is refused: %s', (given, complaint) => {
    expect(() => parseBrief({ ...sample, ...given })).toThrow(complaint);
  });

  it.each([[[]], ['text'], [7], [null]])('%j is no brief', (given) => {
    expect(() => parseBrief(given)).toThrow("The brief can't be used");
  });
});

describe('a brief as text', () => {
  it('is read by its labels', () => {
    const text =
      'Product: Aqua, a bottle\n**Audience:** hikers\n- Goal: 500 preorders\nChannels: LinkedIn, X\nStart date: 2027-03-01';
    expect(parseBrief(briefFromText(text))).toMatchObject({
      product: { name: 'Aqua, a bottle' },
      audience: 'hikers',
      goal: '500 preorders',
      channels: ['linkedin', 'x-thread'],
      startDate: '2027-03-01',
    });
  });

  it('is read by its sentences', () => {
    const text =
      'Launch "Aqua", a bottle that cools water by itself, for hikers on Instagram and X. Budget 5000 EUR, from 2027-03-01.';
    expect(parseBrief(briefFromText(text))).toMatchObject({
      product: { name: 'Aqua', description: text },
      audience: expect.stringContaining('hikers'),
      channels: ['x-thread', 'instagram'],
      budget: { amount: 5_000, currency: 'EUR' },
      startDate: '2027-03-01',
    });
  });

  it.each([
    ['Plan a campaign for our new bottle, for hikers, on LinkedIn.', { product: 'new bottle', audience: 'hikers' }],
    [
      'Please launch Aqua Pro 2 on Instagram for hikers and their dogs.',
      { product: 'Aqua Pro 2', audience: 'hikers and their dogs' },
    ],
    ['Write a blog post about sleep', { product: 'sleep', audience: 'the people whom the brief describes' }],
  ])('%s', (text, { product, audience }) => {
    expect(parseBrief(briefFromText(text))).toMatchObject({ product: { name: product }, audience });
  });

  it('is read by its labels whatever ends its lines, and names no field that it has not', () => {
    const text = ['Product: Aqua', '**Audience:** hikers', 'Goal: sell', 'Constructor: Ada'].join('\r\n');
    expect(labelled(text)).toEqual({ product: 'Aqua', audience: 'hikers', goal: 'sell' });
    expect(parseBrief(briefFromText(text))).toMatchObject({ audience: 'hikers', goal: 'sell' });
  });

  it('may be JSON', () => {
    expect(parseBrief(briefFromText(JSON.stringify(sample)))).toEqual(sampleBrief());
  });

  it('is refused where a label says what cannot be', () => {
    expect(() => parseBrief(briefFromText('Product: Aqua\nAudience: hikers\nGoal: sales\nStart date: soon'))).toThrow(
      'startDate: expected a date',
    );
  });
});

describe('what is read in time that grows with it, and no faster', () => {
  const spaces = ' '.repeat(400_000);

  it.each([
    ['a label', `Audience:${'*'.repeat(400_000)}\r`],
    ['a budget in a sentence', `The budget${spaces}is open.`],
    ['a budget that is labelled', `Budget: 1${spaces}x`],
  ])('%s', (_, text) => {
    expect(briefFromText(text)).toBeDefined();
  });

  it.each([
    [{ budget: `${spaces}a lot` }, 'budget: expected an amount'],
    [{ budget: `1${spaces}x` }, 'budget: expected an amount'],
    [{ startDate: `${'T09:00'.repeat(80_000)}\nx` }, 'startDate: expected a date'],
    [{ channels: Array.from({ length: 100_000 }, () => 'fax') }, 'channels: expected'],
    [{ channels: ['fax'.repeat(100_000)] }, 'channels[0]: '],
    [{ claims: Array.from({ length: 100_000 }, () => 1) }, 'claims: expected'],
  ])('what cannot be: %#', (given, complaint) => {
    const refused = (): unknown => parseBrief({ ...sample, ...given });
    expect(refused).toThrow(complaint);
    expect(refused).toThrow(/^.{1,20000}$/s);
  });
});
