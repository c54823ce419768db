/** The brief as the form has it, and as the swarm takes it. */
import type { Task, WebPage } from '@continuo/client';
import { startOf } from '../../components/cut-text.js';
import { fieldsIn, fieldsOf, textOf } from '@continuo/client/facts';
import { fieldsSaidIn } from '@continuo/swarm/brief-from-text';
import { channelNamed } from '@continuo/swarm/channels';

type Fields = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 80;

export interface BriefFields {
  readonly product: string;
  readonly audience: string;
  readonly goal: string;
  readonly channels: readonly string[];
  readonly tone: string;
  readonly language: string;
  readonly startDate: string;
  readonly budget: string | number;
  readonly currency: string;
  readonly url: string;
  readonly claims: string;
  readonly keywords: string;
  readonly approval: boolean;
  /** What a brief said that the form has no field for: it stays as it was. */
  readonly others: Fields;
  /** What it said of the product, beside its name, its description and its page. */
  readonly ofProduct: Fields;
}

export const emptyBrief: BriefFields = {
  product: '',
  audience: '',
  goal: '',
  channels: [],
  tone: '',
  language: '',
  startDate: '',
  budget: '',
  currency: 'EUR',
  url: '',
  claims: '',
  keywords: '',
  approval: true,
  others: {},
  ofProduct: {},
};

/** What was left empty is left out: the swarm has defaults of its own. */
export function toBrief(brief: BriefFields): Fields {
  const { product, budget, currency, approval, claims, keywords, channels, others, ofProduct, ...lines } = brief;
  const texted = Object.entries(lines).flatMap(([name, text]) =>
    text.trim() === '' ? [] : [[name, text.trim()] as const],
  );
  const lists = Object.entries({ claims: linesOf(claims), keywords: linesOf(keywords), channels });
  return {
    ...others,
    product: Object.keys(ofProduct).length === 0 ? product.trim() : { ...ofProduct, ...namedIn(product) },
    ...Object.fromEntries(texted),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
    ...(budget === '' ? {} : { budget: { amount: Number(budget), currency: currency.trim().toUpperCase() || 'EUR' } }),
    approval: approval ? 'required' : 'none',
  };
}

/** The brief that a campaign was started with, to be changed and sent again. */
export function briefOf({ history }: Pick<Task, 'history'>): BriefFields {
  const parts = history?.find(({ role }) => role === 'ROLE_USER')?.parts ?? [];
  const data = parts.map((part) => fieldsOf(part.data)).find((value) => value !== undefined);
  return briefFrom(fieldsIn(data, 'brief') ?? data ?? { product: textOf(parts) });
}

/** What a text says of the fields of a brief; those that it leaves open are missing. */
export function briefInText(text: string): Partial<BriefFields> {
  const given = fieldsSaidIn(text);
  const filled = Object.entries(briefFrom(given)).filter(
    ([name, value]) => (name in given || (name === 'currency' && 'budget' in given)) && value !== '',
  );
  return Object.fromEntries(filled);
}

/** What a brief is read from where a page is there: its title and summary are the product, its address is the landing page. */
export function textOfPage({ url, title, description, text }: WebPage): string {
  const product = [title, description].filter((part) => part !== '').join(': ');
  return [...(product === '' ? [] : [`Product: ${product}`]), `URL: ${url}`, '', text].join('\n');
}

function briefFrom(given: Fields): BriefFields {
  const { product, channels, budget, approval, ...rest } = given;
  const { name, description, url = rest['url'], ...ofProduct } = fieldsOf(product) ?? { name: product };
  const { audience, goal, tone, language, startDate, claims, keywords, url: _, ...others } = rest;
  const money = typeof budget === 'object' && budget !== null ? fieldsOf(budget) : moneyIn(budget);
  return {
    product: [name, description].map(said).filter(Boolean).join(': '),
    audience: said(audience),
    goal: said(goal),
    channels: listOf(channels, /[,;\n]/).map((channel) => channelNamed(channel) ?? channel),
    tone: said(tone),
    language: said(language),
    startDate: said(startDate),
    budget: money?.['amount'] === undefined ? '' : said(money['amount']),
    currency: said(money?.['currency']) || emptyBrief.currency,
    url: said(url),
    claims: listOf(claims, /[;\n]/).join('\n'),
    keywords: listOf(keywords, /[,;\n]/).join('\n'),
    approval: approval !== false && approval !== 'none',
    others,
    ofProduct,
  };
}

export function linesOf(text: string): readonly string[] {
  return split(text, /\n/);
}

/** As the swarm reads it: "Aqua: a bottle that cools" is a name and a description; a short text is a name. */
export function namedIn(product: string): { readonly name: string; readonly description?: string } {
  const whole = product.trim();
  const [, name, description] = /^([^:\n–—]{1,80}?)\s*(?::|\s[–—-])\s+(.+)$/s.exec(whole) ?? [];
  if (name !== undefined && description !== undefined) return { name, description };
  if (whole.length <= LONGEST_NAME) return { name: whole };
  return { name: startOf(whole.split(/[.,;\n]/)[0] ?? whole, LONGEST_NAME).trim(), description: whole };
}

/** `5000`, `5000 EUR`, `€5,000` */
function moneyIn(budget: unknown): Fields {
  const [, before, amount, after] =
    /^\s*([A-Za-z]{3}|[€$£])?\s*(\d[\d.,]*)\s*([A-Za-z]{3}|[€$£])?\s*$/.exec(said(budget)) ?? [];
  const unit = before ?? after;
  // What stands before three last digits separates thousands.
  const plain = amount?.replaceAll(/[.,](?=\d{3}(?:\D|$))/g, '').replace(',', '.');
  return { amount: plain ?? budget, currency: unit === undefined ? undefined : (SIGNS[unit] ?? unit) };
}

const SIGNS: Fields = { '€': 'EUR', $: 'USD', '£': 'GBP' };

function listOf(value: unknown, separator: RegExp): readonly string[] {
  return Array.isArray(value) ? value.map(said) : split(said(value), separator);
}

function split(text: string, separator: RegExp): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
