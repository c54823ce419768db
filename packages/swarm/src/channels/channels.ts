/** The channels a campaign can use: what a piece for each is made of, its real limits, and how it is planned. */
import { group, list, text, type GroupShape } from './shape.js';

export const channelIds = [
  'landing-page',
  'blog-post',
  'email-sequence',
  'linkedin',
  'x-thread',
  'instagram',
  'ad-copy',
  'press-release',
] as const;

export type ChannelId = (typeof channelIds)[number];

export interface Channel {
  readonly id: ChannelId;
  readonly name: string;
  /** Other names that briefs and answers use, in lower case with spaces. */
  readonly aliases: readonly string[];
  readonly shape: GroupShape;
  /** The field that carries most of the words. */
  readonly body: string;
  /** How a copywriter goes about it. */
  readonly advice: string;
  readonly utm: { readonly source: string; readonly medium: string };
  /** Days after the start on which it is published, unless the plan says otherwise; one entry for each day. */
  readonly days: readonly number[];
  /** Its part of the budget, relative to the other channels of the campaign. */
  readonly budgetWeight: number;
  /** Found by search engines: has a title and a description for them. */
  readonly searched: boolean;
}

const section = group({ heading: text(80), body: text(2_000) });
/** What search engines show of a title and a description before they cut them. */
const meta = { metaTitle: text(60), metaDescription: text(160) };

const definitions: Readonly<Record<ChannelId, Omit<Channel, 'id'>>> = {
  'landing-page': {
    name: 'Landing page',
    aliases: ['landing', 'landingpage', 'website', 'web page', 'web'],
    shape: group({
      ...meta,
      headline: text(80),
      subheadline: text(160),
      sections: list(section, 2, 8),
      callToAction: text(40),
    }),
    body: 'sections',
    advice: 'One promise in the headline, what it means for the reader in the sections, one action to take.',
    utm: { source: 'website', medium: 'landing-page' },
    days: [0],
    budgetWeight: 10,
    searched: true,
  },
  'blog-post': {
    name: 'Blog post',
    aliases: ['blog', 'blogpost', 'article'],
    shape: group({ ...meta, title: text(100), sections: list(section, 2, 12), callToAction: text(160) }),
    body: 'sections',
    advice: 'Useful by itself: the reader learns something about the problem before the product comes up.',
    utm: { source: 'blog', medium: 'content' },
    days: [2],
    budgetWeight: 10,
    searched: true,
  },
  'email-sequence': {
    name: 'Email sequence',
    aliases: ['email', 'emails', 'e mail', 'e mails', 'mail', 'newsletter', 'mailing', 'email campaign'],
    // Longer subjects and preheaders are cut in the inbox; the protocol itself would take 998 characters a line.
    shape: group({ emails: list(group({ subject: text(60), preheader: text(90), body: text(2_500) }), 3, 5) }),
    body: 'emails',
    advice: 'Three to five emails that build on each other: the problem, the product, the last reason to act.',
    utm: { source: 'newsletter', medium: 'email' },
    days: [1, 5, 9, 13, 17],
    budgetWeight: 10,
    searched: false,
  },
  linkedin: {
    name: 'LinkedIn',
    aliases: ['linked in', 'linkedin post'],
    shape: group({ post: text(3_000) }),
    body: 'post',
    advice: 'The first two lines decide whether the rest is opened. Short paragraphs, no hashtags in sentences.',
    utm: { source: 'linkedin', medium: 'social' },
    days: [3],
    budgetWeight: 15,
    searched: false,
  },
  'x-thread': {
    name: 'X thread',
    aliases: ['x', 'twitter', 'x post', 'twitter thread', 'tweet', 'tweets', 'thread'],
    shape: group({ posts: list(text(280, 'x'), 3, 25) }),
    body: 'posts',
    advice: 'Each post stands by itself and makes the next one wanted. The link comes last. No numbering.',
    utm: { source: 'x', medium: 'social' },
    days: [4],
    budgetWeight: 10,
    searched: false,
  },
  instagram: {
    name: 'Instagram',
    aliases: ['insta', 'ig', 'instagram post', 'instagram caption'],
    // The hashtags are a part of the caption and of its length.
    shape: group({ caption: text(2_200), hashtags: list(text(100), 1, 30) }, 2_200),
    body: 'caption',
    advice: 'A caption whose first line works without the rest, and hashtags (each with its #) that people follow.',
    utm: { source: 'instagram', medium: 'social' },
    days: [5],
    budgetWeight: 15,
    searched: false,
  },
  'ad-copy': {
    name: 'Ad copy',
    aliases: ['ad', 'ads', 'advert', 'adverts', 'google ads', 'search ads', 'advertising', 'paid search'],
    shape: group({
      headlines: list(text(30, 'wide'), 3, 15),
      descriptions: list(text(90, 'wide'), 2, 4),
    }),
    body: 'descriptions',
    advice: 'Responsive search ads: every headline has to work beside every other and with every description.',
    utm: { source: 'google', medium: 'cpc' },
    days: [0],
    budgetWeight: 40,
    searched: false,
  },
  'press-release': {
    name: 'Press release',
    aliases: ['press', 'pressrelease', 'pr', 'news release', 'media release'],
    shape: group({
      headline: text(100),
      dateline: text(80),
      lead: text(500),
      body: text(3_000),
      boilerplate: text(600),
      contact: text(200),
    }),
    body: 'body',
    advice: 'Who, what, when, where and why in the lead; plain facts, nobody quoted whose words are not in the brief.',
    utm: { source: 'press', medium: 'pr' },
    days: [1],
    budgetWeight: 5,
    searched: false,
  },
};

export function channelOf(id: ChannelId): Channel {
  return { id, ...definitions[id] };
}

/** The channel that `name` means: its id, its name or another name for it; undefined for none. */
export function channelNamed(name: string): ChannelId | undefined {
  const wanted = plain(name);
  return channelIds.find((id) => namesOf(id).includes(wanted));
}

/** Names that mean other things, too, in the middle of a text. */
const AMBIGUOUS = new Set(['web', 'website', 'web page', 'landing', 'pr', 'press', 'thread', 'mail', 'article', 'x']);

/** The channels that a text names, in the order of `channelIds`; X by its capital letter. */
export function channelsIn(said: string): readonly ChannelId[] {
  const words = ` ${plain(said)} `;
  const namesX = /(?<![\p{L}\p{N}])X(?![\p{L}\p{N}])/u.test(said);
  return channelIds.filter(
    (id) =>
      (id === 'x-thread' && namesX) || namesOf(id).some((name) => !AMBIGUOUS.has(name) && words.includes(` ${name} `)),
  );
}

function namesOf(id: ChannelId): readonly string[] {
  const { name, aliases } = definitions[id];
  return [plain(id), plain(name), ...aliases];
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
