/** How the language of the console writes numbers, dates and plurals, and how it sorts: the one place that knows. */
import { language, locale } from './language.js';

/** What is counted, in the forms that the language has: `{ one: 'task', other: 'tasks' }`. */
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

const plurals = new Intl.PluralRules(language);
const whole = new Intl.NumberFormat(locale);
const collator = new Intl.Collator(locale);
/** By what they were asked for with: to make one takes as long as to write a hundred dates. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** `12,345` */
export function number(n: number): string {
  return whole.format(n);
}

/** `1 task`, `2,000 tasks` */
export function counted(n: number, forms: Forms): string {
  return `${number(n)} ${form(n, forms)}`;
}

/** The form alone, for sentences that say the number elsewhere, or not at all. */
export function form(n: number, forms: Forms): string {
  return forms[plurals.select(n)] ?? forms.other;
}

/** With so many digits behind the point: `1.50` */
export function fixed(n: number, digits: number): string {
  return n.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
}

/** With so many digits at most, and no zeros at the end: `1.5` */
export function precise(n: number, digits: number): string {
  return n.toLocaleString(locale, { maximumSignificantDigits: digits, useGrouping: false });
}

/** `fraction` of 1, with so many digits behind the point at most: `12.5%` */
export function percent(fraction: number, digits = 0): string {
  return fraction.toLocaleString(locale, { style: 'percent', maximumFractionDigits: digits });
}

/** `currency`: ISO 4217. */
export function money(amount: number, currency: string): string {
  return amount.toLocaleString(locale, { style: 'currency', currency });
}

/** Day and time, or what `options` ask for. */
export function dateText(at: Date, options?: Intl.DateTimeFormatOptions): string {
  if (options === undefined || Number.isNaN(at.getTime())) return at.toLocaleString(locale);
  const key = JSON.stringify(options);
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, format);
  return format.format(at);
}

/** What marks a text to be written in another direction, up to its end or beyond. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{scx=Thaa}\p{scx=Nkoo}\p{scx=Adlm}]/u;

/** A name that somebody gave, within a sentence: whichever direction it is written in, what stands around it keeps its order. */
export function isolated(name: string): string {
  const unturned = name.replaceAll(TURNS, '');
  return RIGHT_TO_LEFT.test(unturned) ? `\u2068${unturned}\u2069` : unturned;
}

/** For sorting. */
export function compare(one: string, other: string): number {
  return collator.compare(one, other);
}
