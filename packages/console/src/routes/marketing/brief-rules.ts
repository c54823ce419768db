/** What the swarm would refuse in a brief, said before it is sent: its rules are in packages/swarm/src/brief/brief.ts. */
import { marketingTexts } from '../../texts/marketing.js';
import { linesOf, namedIn, type BriefFields } from './brief.js';

const MAX_TEXT = 5_000;
const MAX_LANGUAGE = 60;
const MAX_LINES = 50;
const MAX_AMOUNT = 1e12;

const problems = marketingTexts.problems;

export type BriefProblems = Readonly<Partial<Record<keyof BriefFields, string>>>;

/** As people write addresses: `aqua.example` is one of a website. */
export function withScheme(url: string): string {
  const trimmed = url.trim();
  if (trimmed === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return trimmed;
  return /^(?:mailto|tel|data|javascript|file):/i.test(trimmed) ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`;
}

/** By field, in words; empty where the swarm can begin. `today` is a day as ISO 8601 has it. */
export function problemsIn(brief: BriefFields, today: string): BriefProblems {
  const found: readonly (readonly [keyof BriefFields, string | undefined])[] = [
    ['product', required(brief.product) ?? (namedIn(brief.product).name === '' ? problems.name : undefined)],
    ['audience', required(brief.audience)],
    ['goal', required(brief.goal)],
    ['channels', brief.channels.every((id) => id in marketingTexts.names) ? undefined : problems.channels],
    ['tone', long(brief.tone)],
    ['language', long(brief.language, MAX_LANGUAGE)],
    ['startDate', ofDate(brief.startDate.trim(), today)],
    ['budget', ofAmount(brief.budget)],
    [
      'currency',
      brief.budget === '' || /^[A-Za-z]{0}$|^[A-Za-z]{3}$/.test(brief.currency.trim()) ? undefined : problems.currency,
    ],
    ['url', ofUrl(brief.url)],
    ['claims', ofLines(brief.claims)],
    ['keywords', ofLines(brief.keywords)],
  ];
  return Object.fromEntries(found.filter(([, problem]) => problem !== undefined));
}

function required(text: string): string | undefined {
  return text.trim() === '' ? marketingTexts.required : long(text);
}

function long(text: string, most = MAX_TEXT): string | undefined {
  return text.trim().length > most ? problems.long(most) : undefined;
}

function ofDate(date: string, today: string): string | undefined {
  if (date === '') return undefined;
  const day = new Date(`${date}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
  if (!isDay) return problems.date;
  return date < today ? problems.past : undefined;
}

function ofAmount(budget: string | number): string | undefined {
  if (budget === '') return undefined;
  const amount = Number(budget);
  return Number.isFinite(amount) && amount >= 0 && amount <= MAX_AMOUNT ? undefined : problems.amount;
}

function ofUrl(given: string): string | undefined {
  const url = withScheme(given);
  if (url === '') return undefined;
  try {
    const { protocol, hostname } = new URL(url);
    const isPlace = hostname.includes('.') || hostname === 'localhost' || hostname.startsWith('[');
    return /^https?:$/.test(protocol) && isPlace && !/\s/.test(url) ? undefined : problems.url;
  } catch {
    return problems.url;
  }
}

function ofLines(text: string): string | undefined {
  const lines = linesOf(text);
  if (lines.length > MAX_LINES) return problems.lines(MAX_LINES);
  return lines.map((line) => long(line)).find((problem) => problem !== undefined);
}
