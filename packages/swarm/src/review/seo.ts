/** What search engines make of a piece: lengths of title and description, coverage of keywords, readability. */
import { plainText, type Finding, type Piece } from '../campaign/piece.js';

import { channelOf } from '../channels/channels.js';
import { textsOf } from '../channels/shape.js';
import { readabilityOf, type Readability } from './readability.js';

/** Shorter ones waste the place that search engines give; longer ones are cut (channels.ts). */
const TITLE_MIN = 30;
const DESCRIPTION_MIN = 70;
const HARD_TO_READ = 30;
const COVERED_AT_LEAST = 0.5;

export interface SeoReport extends Readability {
  /** Characters; null for a channel that search engines don't find. */
  readonly titleLength: number | null;
  readonly descriptionLength: number | null;
  readonly keywords: readonly { readonly keyword: string; readonly count: number; readonly inTitle: boolean }[];
  /** How many of the keywords the piece has, from 0 to 1. */
  readonly coverage: number;
}

export function seoReportOf(piece: Piece, keywords: readonly string[], language: string): SeoReport {
  const words = plainText(piece);
  const title = fieldOf(piece, 'metaTitle');
  const counted = keywords.map((keyword) => ({
    keyword,
    count: occurrences(words, keyword),
    inTitle: occurrences(title ?? '', keyword) > 0,
  }));
  const covered = counted.filter(({ count }) => count > 0).length;
  return {
    titleLength: title?.length ?? null,
    descriptionLength: fieldOf(piece, 'metaDescription')?.length ?? null,
    keywords: counted,
    coverage: keywords.length === 0 ? 1 : Math.round((covered / keywords.length) * 100) / 100,
    ...readabilityOf(words, language),
  };
}

/** What should be better; nothing for channels that search engines don't find. */
export function seoFindings(piece: Piece, report: SeoReport): readonly Finding[] {
  if (!channelOf(piece.channel).searched) return [];
  const { titleLength, descriptionLength, keywords, coverage, readingEase } = report;
  const missing = keywords.filter(({ count }) => count === 0).map(({ keyword }) => keyword);
  const notes = [
    lengthNote('metaTitle', titleLength ?? 0, TITLE_MIN, 60),
    lengthNote('metaDescription', descriptionLength ?? 0, DESCRIPTION_MIN, 160),
    keywords.length > 0 && !keywords.some(({ inTitle }) => inTitle)
      ? `The title has none of the keywords: ${keywords.map(({ keyword }) => keyword).join(', ')}.`
      : undefined,
    readingEase !== null && readingEase < HARD_TO_READ
      ? `It is hard to read (Flesch reading ease ${readingEase}): shorter sentences and words.`
      : undefined,
  ];
  const findings: Finding[] = notes.filter((note) => note !== undefined).map((note) => ({ note }));
  if (coverage >= COVERED_AT_LEAST) return findings;
  return [
    ...findings,
    { note: `Keywords are missing: ${missing.join(', ')}.`, add: `Keywords: ${missing.join(', ')}.` },
  ];
}

function lengthNote(field: string, length: number, min: number, max: number): string | undefined {
  return length >= min && length <= max
    ? undefined
    : `${field} has ${length} characters; ${min} to ${max} are shown well.`;
}

function fieldOf({ content }: Piece, name: string): string | undefined {
  return textsOf(content).find(({ path }) => path === name)?.text;
}

/** Whole words, in whatever case. */
function occurrences(text: string, keyword: string): number {
  const escaped = keyword.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  if (escaped === '') return 0;
  return text.match(new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'giu'))?.length ?? 0;
}
