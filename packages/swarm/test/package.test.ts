/** What is handed over: dates, links, money and files. */
import { describe, expect, it } from 'vitest';
import { divideBudget } from '../src/campaign/budget.js';
import { calendarOf, toCsv, toICalendar } from '../src/campaign/calendar.js';
import { campaignSlug, trackedLink } from '../src/campaign/links.js';
import { filesOf } from '../src/campaign/package.js';
import type { Piece } from '../src/campaign/piece.js';
import { channelOf } from '../src/channels/channels.js';
import { fit } from '../src/channels/shape.js';
import { draftOf } from '../src/members/drafts.js';
import { researchFromBrief, strategyFromBrief } from '../src/members/material.js';
import { sampleBrief } from './support/sample-brief.js';

const brief = sampleBrief();
const research = researchFromBrief(brief);
const strategy = strategyFromBrief(brief, research);
const pieces: readonly Piece[] = brief.channels.map((channel) => ({
  channel,
  content: fit(channelOf(channel).shape, draftOf(brief, strategy, channel)),
  revision: 1,
  cut: [],
}));
const at = '2027-02-20T10:00:00.000Z';

describe('links', () => {
  it('tell the channels apart, and keep what the address says already', () => {
    const url = new URL(trackedLink(brief, 'x-thread'));
    expect(url.origin + url.pathname).toBe('https://aqua.example/shop');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ref: 'home',
      utm_source: 'x',
      utm_medium: 'social',
      utm_campaign: 'aqua',
      utm_content: 'x-thread',
    });
  });

  it.each([
    ['Crème brûlée 2!', 'creme-brulee-2'],
    ['水筒', '水筒'],
    ['!!!', 'campaign'],
    [`${'a'.repeat(59)}𐌰𐌰`, `${'a'.repeat(59)}𐌰`],
  ])('%s is the campaign %s', (name, slug) => {
    expect(campaignSlug({ product: { name } })).toBe(slug);
  });
});

describe('the budget', () => {
  it.each([5_000, 100, 0.01, 0, 99.99])('%d is divided to the cent', (total) => {
    const lines = divideBudget(strategy.channelPlan, total);
    const cents = lines.map(({ amount }) => Math.round((amount ?? 0) * 100));
    expect(cents.reduce((sum, part) => sum + part, 0)).toBe(Math.round(total * 100));
    expect(Math.min(...cents)).toBeGreaterThanOrEqual(0);
  });

  it('has shares without amounts where the brief names no budget', () => {
    expect(divideBudget([{ channel: 'linkedin', budgetWeight: 0 }], undefined)).toEqual([
      { channel: 'linkedin', share: 1, amount: null },
    ]);
  });
});

describe('the calendar', () => {
  const entries = calendarOf(brief, '2027-03-01', pieces);

  it('begins on the first day, is sorted, and leaves weekends to those who read on them', () => {
    expect(entries[0]).toMatchObject({ date: '2027-03-01' });
    expect(entries.map(({ date }) => date)).toEqual(entries.map(({ date }) => date).toSorted());
    expect(entries.filter(({ channel }) => channel === 'email-sequence')).toHaveLength(3);
    // 2027-03-06 is a Saturday.
    const instagram = entries.find(({ channel }) => channel === 'instagram');
    expect(instagram?.date).toBe('2027-03-06');
    const mails = entries.filter(({ channel }) => channel === 'email-sequence').map(({ date }) => date);
    expect(mails).toEqual(['2027-03-02', '2027-03-08', '2027-03-10']);
  });

  it('goes by the plan', () => {
    const planned = calendarOf(brief, '2027-03-01', pieces, [{ channel: 'linkedin', day: 10 }]);
    expect(planned.find(({ channel }) => channel === 'linkedin')?.date).toBe('2027-03-11');
  });

  it('is iCalendar, the same each time', () => {
    const file = toICalendar(brief, entries, at);
    expect(file).toBe(toICalendar(brief, entries, at));
    expect(file.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n')).toBe(true);
    expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(entries.length);
    expect(file).toContain('DTSTART;VALUE=DATE:20270301');
    expect(file).toContain('DTEND;VALUE=DATE:20270302');
    expect(file).toContain('DTSTAMP:20270220T100000Z');
    expect(Math.max(...file.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  });

  it('is CSV that a spreadsheet does not run', () => {
    expect(toCsv([{ title: '=1+1', note: 'a, "b"' }])).toBe(`title,note\n'=1+1,"a, ""b"""\n`);
  });
});

describe('the package', () => {
  const files = filesOf({ brief, research, strategy, pieces, reviews: [], approval: 'approved', at }, 'A summary.');

  it('has a file for each piece and everything around them', () => {
    expect(files.map(({ name }) => name)).toEqual([
      ...brief.channels.map((channel) => `${channel}.md`),
      'campaign.json',
      'calendar.ics',
      'calendar.csv',
      'links.csv',
      'budget.csv',
      'summary.md',
    ]);
    for (const { content } of files) expect(content).not.toBe('');
  });

  it('marks drafts as drafts, and what a model wrote as its own', () => {
    const [draft] = files;
    expect(draft?.content).toContain('status: "draft"');
    expect(draft?.content).toContain('**Draft assembled from the brief.**');
    const written = pieces.map((piece) => ({ ...piece, model: 'anthropic/some-model' }));
    const [final] = filesOf(
      { brief, research, strategy, pieces: written, reviews: [], approval: 'approved', at },
      'A summary.',
    );
    expect(final?.content).toContain('status: "final"');
    expect(final?.content).not.toContain('Draft assembled');
  });

  it('says which page stands for one that the brief does not name', () => {
    const pageless = sampleBrief({ url: undefined });
    const all = filesOf(
      { brief: pageless, research, strategy, pieces, reviews: [], approval: 'approved', at },
      'A summary.',
    );
    expect(all.at(-1)?.content).toContain('https://example.com/ stands for it');
  });
});
