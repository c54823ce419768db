/** The brief of a campaign: what people may write, and what the members of the swarm get of it. */
import { z } from 'zod';
import { TerminalError } from '@continuo/agent';
import { channelIds, channelNamed, channelsIn, type ChannelId } from '../channels/channels.js';

const MAX_TEXT = 5_000;
const MAX_ITEMS = 50;
/** What is longer is no amount, no date and no name of a channel. */
const MAX_SHORT = 200;

function line(what: string) {
  return z
    .string({ error: `expected ${what}` })
    .trim()
    .min(1, `expected ${what}`)
    .max(MAX_TEXT);
}

/** Several lines; a text is one for each part between commas, semicolons or line breaks. */
function lines(what: string, separator?: RegExp) {
  const list = z.array(line(what), { error: `expected a list of ${what}` }).max(MAX_ITEMS);
  return z.preprocess((value) => listed(value, separator), list).default([]);
}

/** Of what has too many items one more than may be: each of them would be complained about. */
function listed(value: unknown, separator: RegExp = /[,;\n]/): unknown {
  const items =
    typeof value === 'string'
      ? value
          .split(separator)
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : value;
  return Array.isArray(items) ? items.slice(0, MAX_ITEMS + 1) : items;
}

/** One text; of several, all of them. */
function words(what: string) {
  const join = (value: unknown): unknown =>
    Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join(', ') : value;
  return z.preprocess(join, line(what));
}

const product = z.preprocess(
  (value) => (typeof value === 'string' ? productOf(value) : value),
  // Whatever else is said of it (features, a price) is for the members to read, and supports claims.
  z.looseObject(
    {
      name: line('the name of the product').max(200),
      description: line('what the product is').optional(),
      url: z.url({ protocol: /^https?$/, error: 'expected a URL that begins with https:// or http://' }).optional(),
    },
    { error: 'expected what is to be marketed: text, or { name, description, url }' },
  ),
);

const channels = z
  .preprocess(
    (value) => listed(value),
    z
      .array(z.string({ error: 'expected the name of a channel' }).max(MAX_SHORT).transform(toChannel), {
        error: 'expected a list of channels',
      })
      .min(1, `expected at least one of ${channelIds.join(', ')}`)
      .max(MAX_ITEMS)
      .transform((given): readonly ChannelId[] => [...new Set(given)]),
  )
  .default(channelIds);

const budget = z
  .preprocess(
    (value) => (typeof value === 'number' ? { amount: value } : typeof value === 'string' ? moneyOf(value) : value),
    z.object(
      {
        amount: z.number({ error: 'expected a number' }).min(0, 'expected a number from 0').max(1e12),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, 'expected a currency of three letters, such as EUR')
          .default('EUR'),
      },
      { error: 'expected an amount: a number, text such as "5000 EUR", or { amount, currency }' },
    ),
  )
  .optional();

const fields = z.object(
  {
    product,
    audience: words('whom the campaign is for'),
    goal: words('what the campaign is to achieve'),
    channels,
    tone: words('how the campaign is to sound').default('clear and friendly'),
    language: line('the language of the campaign').max(60).default('en'),
    budget,
    /** ISO 8601. Without it the campaign starts on the day on which the task does. */
    startDate: z.preprocess(dayOf, z.iso.date({ error: 'expected a date such as 2027-03-01' })).optional(),
    /** `none`: published without asking anybody. */
    approval: z
      .preprocess(
        (value) => (typeof value === 'boolean' ? (value ? 'required' : 'none') : value),
        z.enum(['required', 'none'], { error: 'expected "required" or "none"' }),
      )
      .default('required'),
    /** What may be said of the product, beside what its description says. */
    claims: lines('claims', /[;\n]/),
    /** What every longer piece has to say, word for word. */
    disclosures: lines('disclosures', /[;\n]/),
    keywords: lines('keywords'),
    competitors: lines('competitors'),
    /** How often the editor may send a piece back. */
    rounds: z.int({ error: 'expected a whole number' }).min(0).max(5).default(2),
    /** Whatever else the brief said, for the members to read. */
    background: z.record(z.string(), z.unknown()).default({}),
  },
  { error: 'expected an object with product, audience and goal' },
);

/** Takes what people write as well as what it makes of it. */
export const briefSchema = z.preprocess(gather, fields);
export type Brief = z.output<typeof fields>;

/** Throws TerminalError, which names each field at fault. */
export function parseBrief(value: unknown): Brief {
  const parsed = briefSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'brief'}: ${message}`);
  throw new TerminalError(`The brief can't be used. ${complaints.join('; ')}`);
}

/** Everything the brief says, as text: what a claim may rest on. */
export function wordsOf(brief: Brief): string {
  const { product: of, audience, goal, claims, disclosures, keywords, competitors, background } = brief;
  const money = brief.budget === undefined ? '' : `${brief.budget.amount} ${brief.budget.currency}`;
  const rest = [...claims, ...disclosures, ...keywords, ...competitors, JSON.stringify(background)];
  return [JSON.stringify(of), audience, goal, money, brief.startDate ?? '', ...rest].join('\n');
}

/** Fields that the brief doesn't know are background; the product's page may stand beside the product. */
function gather(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { url, ...given } = withoutNull(value);
  const known = new Set(Object.keys(fields.shape));
  const entries = Object.entries(given);
  const own = Object.fromEntries(entries.filter(([name]) => known.has(name)));
  const others = Object.fromEntries(entries.filter(([name]) => !known.has(name)));
  const of = typeof own.product === 'string' ? productOf(own.product) : own.product;
  const background =
    own.background === undefined || isObject(own.background) ? { ...own.background, ...others } : own.background;
  return {
    ...own,
    background,
    ...(isObject(of) ? { product: { ...(url === undefined ? {} : { url }), ...withoutNull(of) } } : {}),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null says as little as nothing does. */
function withoutNull(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, content]) => content !== null && content !== undefined));
}

/** "Aqua: a bottle that cools" is a name and a description; a short text is a name. */
function productOf(said: string): Readonly<Record<string, string>> {
  const [, name, description] = /^([^:\n–—]{1,80}?)\s*(?::|\s[–—-])\s+(.+)$/s.exec(said.trim()) ?? [];
  if (name !== undefined && description !== undefined) return { name, description };
  if (said.trim().length <= 80) return { name: said };
  return {
    name:
      said
        .trim()
        .split(/[.,;\n]/u)[0]
        ?.replace(/^(.{80}).*$/su, '$1') ?? said,
    description: said,
  };
}

function moneyOf(given: string): unknown {
  const said = given.trim();
  if (said.length > MAX_SHORT) return given;
  const signs: Readonly<Record<string, string>> = { '€': 'EUR', $: 'USD', '£': 'GBP' };
  const [, before, number, after] = /^([A-Za-z]{3}|[€$£])?\s*([\d.,' ]*\d)\s*([A-Za-z]{3}|[€$£])?$/.exec(said) ?? [];
  if (number === undefined) return said;
  const unit = before ?? after ?? 'EUR';
  // "1.500,50" and "1,500.50": what stands before one or two last digits are cents.
  const [, whole = '', cents = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(number) ?? [];
  return {
    amount: Number(`${whole.replaceAll(/\D/g, '')}.${cents || '0'}`),
    currency: signs[unit] ?? unit.toUpperCase(),
  };
}

function dayOf(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > MAX_SHORT) return value;
  return value.trim().replace(/[T ]\d{2}:\d{2}.*$/, '');
}

function toChannel(name: string, context: z.RefinementCtx): ChannelId {
  const id = channelNamed(name) ?? onlyOne(channelsIn(name));
  if (id !== undefined) return id;
  context.addIssue({
    code: 'custom',
    message: `expected one of ${channelIds.join(', ')}, got ${JSON.stringify(name)}`,
  });
  return z.NEVER;
}

function onlyOne(found: readonly ChannelId[]): ChannelId | undefined {
  return found.length === 1 ? found[0] : undefined;
}
