/** The campaign package: every file that is handed over, made of what the team has agreed on. */
import type { Brief } from '../brief/brief.js';
import { channelOf } from '../channels/channels.js';
import type { Research, Strategy } from '../members/material.js';
import type { Review } from '../members/reviewer.js';
import { divideBudget, type BudgetLine } from './budget.js';
import { calendarOf, toCsv, toICalendar, type CalendarEntry } from './calendar.js';
import { campaignSlug, PLACEHOLDER_URL, trackedLink } from './links.js';
import { fileOf, isDraft, toMarkdown, type Piece } from './piece.js';

export interface CampaignParts {
  readonly brief: Brief;
  readonly research: Research;
  readonly strategy: Strategy;
  readonly pieces: readonly Piece[];
  /** The last of each reviewer for each piece. */
  readonly reviews: readonly Review[];
  /** How it was approved, in a word or two. */
  readonly approval: string;
  /** When the campaign was begun, ISO 8601: also its first day, where the brief names none. */
  readonly at: string;
}

export interface CampaignFile {
  readonly name: string;
  readonly mediaType: string;
  readonly description: string;
  readonly content: string | Readonly<Record<string, unknown>>;
}

export function filesOf(campaign: CampaignParts, summary: string): readonly CampaignFile[] {
  const { brief, pieces, strategy, at } = campaign;
  const entries = calendarOf(brief, startOf(campaign), pieces, strategy.channelPlan);
  const budget = divideBudget(strategy.channelPlan, brief.budget?.amount);
  const links = brief.channels.map((channel) => ({ channel, link: trackedLink(brief, channel) }));
  const csv = 'text/csv';
  return [
    ...pieces.map((piece) => ({
      name: fileOf(piece),
      mediaType: 'text/markdown',
      description: `${channelOf(piece.channel).name}, ${isDraft(piece) ? 'draft' : 'final'}`,
      content: toMarkdown(brief, piece, isDraft(piece) ? 'draft' : 'final'),
    })),
    {
      name: 'campaign.json',
      mediaType: 'application/json',
      description: 'All of it as data',
      content: { ...toData(campaign), calendar: entries, budget, links, summary },
    },
    {
      name: 'calendar.ics',
      mediaType: 'text/calendar',
      description: 'The content calendar',
      content: toICalendar(brief, entries, at),
    },
    {
      name: 'calendar.csv',
      mediaType: csv,
      description: 'The content calendar',
      content: toCsv(entries.map((entry) => ({ ...entry }))),
    },
    { name: 'links.csv', mediaType: csv, description: 'Links with UTM parameters', content: toCsv(links) },
    {
      name: 'budget.csv',
      mediaType: csv,
      description: 'The budget by channel',
      content: toCsv(budgetRows(brief, budget)),
    },
    {
      name: 'summary.md',
      mediaType: 'text/markdown',
      description: 'What is in the package',
      content: toSummary(campaign, entries, budget, summary),
    },
  ];
}

export function startOf({ brief, at }: Pick<CampaignParts, 'brief' | 'at'>): string {
  return brief.startDate ?? at.slice(0, 10);
}

function toData({
  brief,
  research,
  strategy,
  pieces,
  reviews,
  approval,
  at,
}: CampaignParts): Readonly<Record<string, unknown>> {
  return {
    campaign: campaignSlug(brief),
    madeAt: at,
    startDate: startOf({ brief, at }),
    approval,
    brief,
    research,
    strategy,
    pieces: pieces.map((piece) => ({ ...piece, file: fileOf(piece) })),
    reviews,
  };
}

function budgetRows(brief: Brief, budget: readonly BudgetLine[]): readonly Readonly<Record<string, unknown>>[] {
  const currency = brief.budget?.currency ?? '';
  const rows = budget.map(({ channel, share, amount }) => ({
    channel,
    share: `${(share * 100).toFixed(2)}%`,
    amount: amount === null ? '' : amount.toFixed(2),
    currency,
  }));
  return [...rows, { channel: 'total', share: '100.00%', amount: brief.budget?.amount.toFixed(2) ?? '', currency }];
}

function toSummary(
  campaign: CampaignParts,
  entries: readonly CalendarEntry[],
  budget: readonly BudgetLine[],
  summary: string,
): string {
  const { brief, research, strategy, pieces, reviews, approval } = campaign;
  const open = reviews.flatMap(({ channel, findings }) =>
    findings.map(({ note }) => `- ${channelOf(channel).name}: ${note}`),
  );
  const money = (amount: number | null): string =>
    amount === null ? 'no budget in the brief' : `${amount.toFixed(2)} ${brief.budget?.currency ?? ''}`.trim();
  return [
    `# ${brief.product.name}: campaign`,
    '',
    summary,
    '',
    `- Positioning: ${strategy.positioning}`,
    `- Approval: ${approval}`,
    `- Research: ${research.basis}`,
    ...(brief.product.url === undefined ? [`- Links: the brief names no page; ${PLACEHOLDER_URL} stands for it.`] : []),
    '',
    '## Pieces and dates',
    '',
    ...entries.map(({ date, title, file }) => `- ${date}: ${title} (${file})`),
    '',
    '## Budget',
    '',
    '| channel | share | amount |',
    '|---|---|---|',
    ...budget.map(
      ({ channel, share, amount }) =>
        `| ${channelOf(channel).name} | ${(share * 100).toFixed(2)} % | ${money(amount)} |`,
    ),
    '',
    '## Measured by',
    '',
    ...strategy.kpis.map(({ name, target }) => `- ${name}: ${target}`),
    '',
    '## Left to look at',
    '',
    ...(open.length === 0 ? ['Nothing: no reviewer has a finding left.'] : open),
    ...pieces.flatMap(({ channel, cut }) =>
      cut.map((what) => `- ${channelOf(channel).name}: cut to its limit: ${what}`),
    ),
    '',
  ].join('\n');
}
