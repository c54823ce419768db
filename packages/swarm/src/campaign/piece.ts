/** A piece of the campaign: what is published in one channel. */
import { z } from 'zod';
import type { Brief } from '../brief/brief.js';
import { channelIds, channelOf } from '../channels/channels.js';
import { textsOf, type Content } from '../channels/shape.js';
import { trackedLink } from './links.js';

const content: z.ZodType<Content> = z.lazy(() =>
  z.union([z.string(), z.array(content), z.record(z.string(), content)]),
);

export const pieceSchema = z.object({
  channel: z.enum(channelIds),
  content,
  /** How often it was written, the team's own rounds included: people see fewer versions, those of its artifact. */
  revision: z.int().min(1).default(1),
  /** Name of the model that wrote it; undefined for a draft assembled from the brief. */
  model: z.string().optional(),
  /** The parts that had to be cut to the channel's limits. */
  cut: z.array(z.string()).default([]),
  /** Who changed it by hand last: an owner's name, or `owner` for the campaign's own. */
  editedBy: z.string().optional(),
  /** What people asked for and nobody could write, because there is no language model. */
  unwritten: z.array(z.string()).optional(),
});

export type Piece = z.output<typeof pieceSchema>;

/** What a reviewer says of a piece. */
export const findingSchema = z.object({
  /** What is wrong and what to do about it. */
  note: z.string(),
  /** The sentence that is to go, word for word. */
  quote: z.string().optional(),
  /** The sentence that is missing, word for word. */
  add: z.string().optional(),
  /** A person asks for it, whose word needs no other support. */
  asked: z.boolean().optional(),
});

export type Finding = z.output<typeof findingSchema>;

/** All words of a piece. */
export function plainText(piece: Pick<Piece, 'content'>): string {
  return textsOf(piece.content)
    .map(({ text }) => text)
    .join('\n\n');
}

export function fileOf(piece: Pick<Piece, 'channel'>): string {
  return `${piece.channel}.md`;
}

/** Neither a model nor a person has written it. */
export function isDraft({ model, editedBy }: Pick<Piece, 'model' | 'editedBy'>): boolean {
  return model === undefined && editedBy === undefined;
}

const DRAFT_MARK =
  '> **Draft assembled from the brief.** No language model is configured: this is raw material for a writer.';

/** The piece as a Markdown file, with what is known about it in front matter; `wanted`: what is still asked for. */
export function toMarkdown(brief: Brief, piece: Piece, status: string, wanted: readonly string[] = []): string {
  const { name } = channelOf(piece.channel);
  const front = {
    channel: name,
    product: brief.product.name,
    language: brief.language,
    status,
    writtenBy: `${piece.model ?? 'Continuo, offline: a draft assembled from the brief'}${piece.editedBy === undefined ? '' : '; edited by hand'}`,
    link: trackedLink(brief, piece.channel),
    ...(wanted.length === 0 ? {} : { wanted }),
  };
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const body = rendered(piece.content, name);
  const mark = isDraft(piece) ? [DRAFT_MARK, ''] : [];
  return ['---', ...lines, '---', '', ...mark, ...body, ''].join('\n');
}

const TITLES = new Set(['title', 'headline', 'heading', 'subject']);
const SHORT = 160;

function rendered(value: Content, label: string, level = 1): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) {
    const items = value as readonly Content[];
    if (items.every((item) => typeof item === 'string'))
      return items.map((item, index) => `${index + 1}. ${indented(item)}`);
    return items.flatMap((item, index) => ['', ...rendered(item, `${singular(label)} ${index + 1}`, level)]).slice(1);
  }
  const entries = Object.entries(value as Readonly<Record<string, Content>>);
  const title = entries.find(([name]) => TITLES.has(name));
  const heading = `${'#'.repeat(level)} ${typeof title?.[1] === 'string' ? title[1] : label}`;
  const rest = entries
    .filter(([name]) => name !== title?.[0])
    .flatMap(([name, inside]) => ['', ...member(name, inside, level)]);
  return [heading, ...rest];
}

function member(name: string, value: Content, level: number): readonly string[] {
  if (typeof value !== 'string') {
    const simple = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return simple
      ? [`**${words(name)}**`, '', ...rendered(value, words(name))]
      : rendered(value, words(name), level + 1);
  }
  return value.length <= SHORT && !['post', 'caption', 'body', 'lead'].includes(name)
    ? [`**${words(name)}:** ${value}`]
    : [value];
}

function indented(value: string): string {
  return value.replaceAll('\n', '\n   ');
}

function words(name: string): string {
  const spaced = name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function singular(label: string): string {
  return label.replace(/s$/, '');
}
