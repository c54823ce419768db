/** Without a model: a draft put together from what the brief says, and revised by what reviewers quote or add. */
import type { Brief } from '../brief/brief.js';
import { trackedLink } from '../campaign/links.js';
import type { Finding, Piece } from '../campaign/piece.js';
import { channelOf, type ChannelId } from '../channels/channels.js';
import { cutAtSentence, sentencesOf } from '../channels/cut.js';
import type { Content } from '../channels/shape.js';
import { factsOf, unique, type Strategy } from './material.js';

/** Within the limits of the channel once it is fitted. */
export function draftOf(brief: Brief, strategy: Strategy, channel: ChannelId): Content {
  const { name } = brief.product;
  const link = trackedLink(brief, channel);
  const forWhom = sentence(`${name} is for ${brief.audience}`);
  const facts = unique([...strategy.messages, ...brief.claims, ...factsOf(brief), forWhom].map(sentence));
  const [first = forWhom] = facts;
  const more = `Find out more about ${name}.`;
  const action = `See ${name}`;
  const disclosures = brief.disclosures;
  const meta = {
    metaTitle: `${name} for ${brief.audience}: ${first}`,
    metaDescription: [forWhom, ...facts.filter((fact) => fact !== forWhom)].join(' '),
  };
  const sections = [
    { heading: `What ${name} is`, body: facts.join(' ') },
    { heading: 'Whom it is for', body: [forWhom, more, ...disclosures].join(' ') },
  ];
  const drafts: Readonly<Record<ChannelId, () => Content>> = {
    'landing-page': () => ({
      ...meta,
      headline: strategy.positioning,
      subheadline: first,
      sections,
      callToAction: action,
    }),
    'blog-post': () => ({ ...meta, title: strategy.positioning, sections, callToAction: `${action}: ${link}` }),
    'email-sequence': () => ({
      emails: [
        { subject: strategy.positioning, preheader: first },
        { subject: `What ${name} does`, preheader: facts[1] ?? first },
        { subject: `One more word about ${name}`, preheader: more },
      ].map(({ subject, preheader }, index) => ({
        subject,
        preheader,
        body: unique([facts[index] ?? forWhom, forWhom, `${action}: ${link}`, ...disclosures]).join('\n\n'),
      })),
    }),
    linkedin: () => ({ post: [...facts, more, `${action}: ${link}`, ...disclosures].join('\n\n') }),
    'x-thread': () => ({ posts: unique([...facts.slice(0, 8), forWhom, more, ...disclosures, `${action}: ${link}`]) }),
    instagram: () => ({
      caption: [...facts, 'The link is in the profile.', ...disclosures].join('\n\n'),
      hashtags: hashtagsOf(brief),
    }),
    'ad-copy': () => ({
      headlines: unique(
        [name, action, `For ${brief.audience}`, `${name}: find out more`].map((text) => short(text, 30)),
      ),
      descriptions: unique([...facts, more].map((text) => short(text, 90))),
    }),
    'press-release': () => ({
      headline: strategy.positioning,
      dateline: brief.startDate === undefined ? 'For immediate release' : `For release on ${brief.startDate}`,
      lead: [forWhom, first].join(' '),
      body: [...facts, more, ...disclosures].join('\n\n'),
      boilerplate: facts.slice(0, 3).join(' '),
      contact: `More about ${name}: ${link}`,
    }),
  };
  return drafts[channel]();
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
