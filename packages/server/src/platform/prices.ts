/** What calls of language models cost: by a list that comes with the server, and over it the operator's own. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { pathOf, problemsOf } from '@continuo/agent/internal/platform/parse.js';

/** US dollars for a million tokens. */
const price = z.number({ error: 'expected US dollars for a million tokens' }).min(0).max(1_000_000);
const rates = {
  input: price,
  output: price.default(0),
  /** Of the input, what the provider had from an earlier call. Default: as `input`. */
  cachedInput: price.optional(),
  /** Of the input, what the provider keeps for later calls. Default: as `input`. */
  cacheWrite: price.optional(),
};
const modelSchema = z.strictObject({
  ...rates,
  /** The rates of calls whose input is more than `over` tokens. */
  long: z.strictObject({ over: z.int().positive(), ...rates }).optional(),
});
const fileSchema = z.object({
  /** By `provider/model id`; a key that ends with `*` stands for all that begin so. */
  models: z.record(z.string().regex(/^[^/\s]+\/\S+$/), modelSchema, {
    error: ({ code }) => (code === 'invalid_key' ? 'expected provider/model id for a name' : undefined),
  }),
});

type Rates = Readonly<Omit<z.output<typeof modelSchema>, 'long'>>;
type Price = Readonly<z.output<typeof modelSchema>>;

/** Tokens of one call. */
export interface PricedTokens {
  /** Those that were cached, before or from now on, included. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly cacheWriteTokens?: number;
}

const OWN = new URL('../../prices.json', import.meta.url);
/** As providers name a model of a certain day. */
const SNAPSHOT = /-(\d{8}|\d{4}-\d{2}-\d{2})$/;
/** Billionths of a dollar for one token, of a price in dollars for a million. */
const NANOS = 1_000;

export class Prices {
  readonly #exact: ReadonlyMap<string, Price>;
  /** The longest first. */
  readonly #beginnings: readonly (readonly [beginning: string, price: Price])[];

  constructor(models: Readonly<Record<string, Price>>) {
    const all = Object.entries(models);
    this.#exact = new Map(all.filter(([name]) => !name.endsWith('*')));
    this.#beginnings = all
      .filter(([name]) => name.endsWith('*'))
      .map(([name, of]) => [name.slice(0, -1), of] as const)
      .toSorted(([a], [b]) => b.length - a.length);
  }

  /** `path`: CONTINUO_PRICES; its models come before those of the built-in list. Throws CONFIG_INVALID. */
  static from(path: string | undefined): Prices {
    const own = path === undefined ? {} : read(path, 'CONTINUO_PRICES');
    return new Prices({ ...read(OWN, 'prices.json'), ...own });
  }

  /** Billionths of a dollar; undefined for a model (`provider/model id`) that no price is known of, or without counts. */
  nanosOf(model: string, tokens: PricedTokens): number | undefined {
    const of = this.#priceOf(model) ?? this.#priceOf(model.replace(SNAPSHOT, ''));
    const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = tokens;
    if (of === undefined || (inputTokens === undefined && outputTokens === undefined)) return undefined;
    const { input, output, cachedInput = input, cacheWrite = input } = ratesFor(of, inputTokens ?? 0);
    const plain = Math.max(0, (inputTokens ?? 0) - cachedInputTokens - cacheWriteTokens);
    const sum = plain * input + cachedInputTokens * cachedInput + cacheWriteTokens * cacheWrite;
    return Math.round((sum + (outputTokens ?? 0) * output) * NANOS);
  }

  #priceOf(model: string): Price | undefined {
    return this.#exact.get(model) ?? this.#beginnings.find(([beginning]) => model.startsWith(beginning))?.[1];
  }
}

function ratesFor({ long, ...usual }: Price, inputTokens: number): Rates {
  return long !== undefined && inputTokens > long.over ? long : usual;
}

function read(path: string | URL, what: string): Readonly<Record<string, Price>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(what, `it can't be read: ${messageOf(error)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid(what, 'it is no JSON');
  }
  const { data, error } = fileSchema.safeParse(json);
  if (data !== undefined) return data.models;
  throw invalid(
    what,
    problemsOf(error)
      .map(({ path: at, expected }) => `${pathOf('', at)}: ${expected}`)
      .join('; '),
  );
}

function invalid(what: string, problem: string): ContinuoError {
  return new ContinuoError('CONFIG_INVALID', `The prices of ${what} are not usable: ${problem}.`);
}
