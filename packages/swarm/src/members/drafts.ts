/** Without a model: a draft put together from what the brief says, and revised by what reviewers quote or add. */
import type { Brief } from '../brief/brief.js';
import { trackedLink } from '../campaign/links.js';
import type { Finding, Piece } from '../campaign/piece.js';
import { channelOf, type ChannelId } from '../channels/channels.js';
import { cutAtSentence, sentencesOf } from '../channels/cut.js';
import type { Content } from '../channels/shape.js';
import { factsOf, unique, type Strategy } from './material.js';

/** Longer titles are cut by search engines (channels.ts). */
const TITLE_MAX = 60;

/** What a draft is put together of: each sentence of the brief once, as a sentence. */
interface Material {
  readonly name: string;
  readonly audience: string;
  /** What the product is: as a sentence, and without its name. */
  readonly intro: string;
  readonly essence: string;
  readonly points: readonly string[];
  readonly forWhom: string;
  readonly invitation: string;
  /** With the link, where the brief names a page. */
  readonly action: string;
  readonly disclosures: readonly string[];
}

/** Within the limits of the channel once it is fitted. A text says nothing twice, and nothing that the brief doesn't say. */
export function draftOf(brief: Brief, strategy: Strategy, channel: ChannelId): Content {
  const material = materialOf(brief, strategy, channel);
  const { name, intro, points, forWhom, invitation, action, disclosures } = material;
  const drafts: Readonly<Record<ChannelId, () => Content>> = {
    'landing-page': () => ({
      ...metaOf(material),
      headline: strategy.positioning,
      subheadline: intro,
      sections: [
        { heading: `What ${name} does`, body: (points.length === 0 ? [invitation] : points).join(' ') },
        { heading: 'Who it is for', body: [forWhom, ...disclosures].join(' ') },
      ],
      callToAction: `See ${name}`,
    }),
    'blog-post': () => ({
      ...metaOf(material),
      title: `${name}: what it is, and who it is for`,
      sections: [
        { heading: 'Who this is for', body: forWhom },
        { heading: `What ${name} is`, body: [intro, ...points].join(' ') },
        { heading: 'What to do next', body: [invitation, ...disclosures].join(' ') },
      ],
      callToAction: action,
    }),
    'email-sequence': () => ({ emails: emailsOf(material, strategy) }),
    linkedin: () => ({ post: paragraphs([intro, ...points, forWhom, action, ...disclosures]) }),
    'x-thread': () => ({ posts: unique([intro, ...points.slice(0, 8), forWhom, ...disclosures, action]) }),
    instagram: () => ({
      caption: paragraphs([intro, ...points, forWhom, 'The link is in the profile.', ...disclosures]),
      hashtags: hashtagsOf(brief),
    }),
    'ad-copy': () => ({
      headlines: unique([name, `See ${name}`, `For ${brief.audience}`, `Meet ${name}`].map((text) => short(text, 30))),
      descriptions: unique([intro, ...points, forWhom, invitation].map((text) => short(text, 90))),
    }),
    'press-release': () => ({
      headline: strategy.positioning,
      dateline: brief.startDate === undefined ? 'For immediate release' : `For release on ${brief.startDate}`,
      lead: intro,
      body: paragraphs([...(points.length === 0 ? [invitation] : points), ...disclosures]),
      boilerplate: forWhom,
      contact:
        brief.product.url === undefined
          ? `More about ${name} on request.`
          : `More about ${name}: ${trackedLink(brief, channel)}`,
    }),
  };
  return drafts[channel]();
}

function materialOf(brief: Brief, strategy: Strategy, channel: ChannelId): Material {
  const { name, url } = brief.product;
  const forWhom = sentence(`${name} is for ${brief.audience}`);
  const said = unique(
    [...factsOf(brief), ...strategy.messages, ...brief.claims].map((line) => completed(name, sentence(line))),
  );
  const [first, ...points] = said.filter((fact) => fact !== forWhom);
  return {
    name,
    audience: brief.audience,
    intro: first === undefined ? `This is ${name}.` : introduced(name, first),
    essence: first === undefined ? '' : asEssence(name, first),
    points,
    forWhom,
    invitation: `Take a closer look at ${name}.`,
    action: url === undefined ? `See ${name}.` : `See ${name}: ${trackedLink(brief, channel)}`,
    disclosures: brief.disclosures,
  };
}

/** "A bottle that cools water." is what something is: "Aqua is a bottle that cools water." */
function introduced(name: string, fact: string): string {
  if (STARTS_WITH_ARTICLE.test(fact)) return `${name} is ${lowerFirst(fact)}`;
  return fact.toLowerCase().includes(name.toLowerCase()) ? fact : `${name}: ${fact}`;
}

const STARTS_WITH_ARTICLE = /^(?:an?|the|our|your)\s/i;

/** "Aqua is a bottle." and "A bottle." are both "a bottle". */
function asEssence(name: string, fact: string): string {
  const plain = fact.replace(/\.$/, '');
  const own = plain.toLowerCase().startsWith(`${name.toLowerCase()} is `) ? plain.slice(name.length + 4) : plain;
  return STARTS_WITH_ARTICLE.test(own) ? lowerFirst(own) : own;
}

/** "Made of steel." lacks what is made of it. */
function completed(name: string, fact: string): string {
  return /^(?:made|built|designed|crafted)\s/i.test(fact) ? `${name} is ${lowerFirst(fact)}` : fact;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What search engines show: as long as they show it, and cut nowhere. */
function metaOf({ name, audience, essence, intro, points, forWhom, invitation }: Material) {
  const about = `${name} for ${audience}`;
  const titles = [
    ...(essence === '' ? [] : [`${about}: ${essence}`, `${name}: ${essence}`]),
    `${about}: what it is, what it does`,
    about,
  ];
  return {
    metaTitle: titles.find((title) => title.length <= TITLE_MAX) ?? about,
    metaDescription: [intro, ...points, forWhom, invitation].join(' '),
  };
}

function emailsOf({ name, intro, points, forWhom, invitation, action, disclosures }: Material, strategy: Strategy) {
  const [point = invitation, ...others] = points;
  const mails = [
    { subject: strategy.positioning, preheader: intro, says: [intro, forWhom] },
    { subject: `What ${name} does`, preheader: point, says: [point, ...others] },
    {
      subject: `A last word about ${name}`,
      preheader: forWhom,
      says: [`This is the last email about ${name} for now.`, forWhom],
    },
  ];
  return mails.map(({ subject, preheader, says }) => ({
    subject,
    preheader,
    body: paragraphs(['Hello,', ...says, action, ...disclosures]),
  }));
}

function paragraphs(lines: readonly string[]): string {
  return unique(lines).join('\n\n');
}

/** Takes out what a finding quotes and puts in what it adds. What a person asks for takes somebody who can write. */
export function revisedDraft(
  brief: Brief,
  piece: Pick<Piece, 'channel' | 'content'>,
  findings: readonly Finding[],
): Content {
  const quotes = findings.flatMap(({ quote }) => (quote === undefined ? [] : [quote]));
  const without = withoutQuotes(piece.content, quotes, brief.product.name);
  const added = findings.flatMap(({ add }) => (add === undefined ? [] : [add]));
  return unique(added).reduce((content, line) => appended(content, channelOf(piece.channel).body, line), without);
}

function withoutQuotes(content: Content, quotes: readonly string[], otherwise: string): Content {
  if (typeof content === 'string') {
    const left = quotes.reduce((text, quote) => text.replaceAll(quote, ''), content);
    if (left === content) return content;
    const tidy = left
      .replaceAll(/\n{3,}/g, '\n\n')
      .replaceAll(/ {2,}/g, ' ')
      .trim();
    return tidy === '' ? otherwise : tidy;
  }
  if (Array.isArray(content))
    return (content as readonly Content[]).map((item) => withoutQuotes(item, quotes, otherwise));
  return Object.fromEntries(
    Object.entries(content as Readonly<Record<string, Content>>).map(([name, value]) => [
      name,
      withoutQuotes(value, quotes, otherwise),
    ]),
  );
}

/** Into each email, the last section, a post of its own; otherwise at the end of the text. */
function appended(content: Content, body: string, line: string): Content {
  if (typeof content === 'string') return `${content}\n\n${line}`;
  if (Array.isArray(content)) return content as readonly Content[];
  const group = content as Readonly<Record<string, Content>>;
  const value = group[body];
  if (typeof value === 'string') return { ...group, [body]: `${value}\n\n${line}` };
  const items = value as readonly Content[];
  if (items.every((item) => typeof item === 'string')) return { ...group, [body]: [...items, line] };
  const everywhere = body === 'emails';
  const changed = items.map((item, index) =>
    everywhere || index === items.length - 1 ? appended(item, 'body', line) : item,
  );
  return { ...group, [body]: changed };
}

function hashtagsOf(brief: Brief): readonly string[] {
  const tag = (text: string): string => `#${text.replaceAll(/[^\p{L}\p{N}]+/gu, '')}`;
  return unique([brief.product.name, ...brief.keywords].map(tag)).filter((word) => word.length > 1);
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
}

function short(text: string, max: number): string {
  const [first = text] = sentencesOf(text);
  return cutAtSentence(first.trim(), max, 'wide');
}
