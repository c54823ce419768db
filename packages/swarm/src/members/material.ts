/** What the members hand to each other: research and strategy, and what of them the brief alone gives. */
import { z } from 'zod';
import type { Brief } from '../brief/brief.js';
import { channelIds, channelOf } from '../channels/channels.js';
import { sentencesOf } from '../channels/cut.js';

const texts = z.array(z.string());

export const researchSchema = z.object({
  /** What matters to the audience. */
  audience: texts,
  competitors: z.array(z.object({ name: z.string(), note: z.string() })),
  /** What may be said of the product; with the page that shows it, if it isn't the brief. */
  claims: z.array(z.object({ text: z.string(), source: z.string().nullable() })),
  keywords: texts,
  /** Where it comes from, in a sentence. */
  basis: z.string(),
});

export type Research = z.output<typeof researchSchema>;

export const strategySchema = z.object({
  positioning: z.string(),
  /** The most important first. */
  messages: texts,
  channelPlan: z.array(
    z.object({
      channel: z.enum(channelIds),
      role: z.string(),
      /** Days after the start. */
      day: z.number(),
      /** Relative to the other channels. */
      budgetWeight: z.number(),
    }),
  ),
  kpis: z.array(z.object({ name: z.string(), target: z.string() })),
});

export type Strategy = z.output<typeof strategySchema>;

const MAX_KEYWORDS = 8;
const LAST_DAY = 365;
/** Too common to say what a text is about. */
const COMMON = new Set(
  'about after also and are because been before both but can could does each even ever every for from get gets had has have her him his how into its just keep keeps like made make makes many more most much must new not now off only other our out over own people same she should some such than that the their them then there these they thing things this those through too use used uses using very was well were what when where which while who whom whose why will with within without would you your'.split(
    ' ',
  ),
);

export function researchFromBrief(brief: Brief): Research {
  const { product, audience, claims, keywords, competitors } = brief;
  return {
    audience: [`Whom the brief names: ${audience}`, `What they are to do: ${brief.goal}`],
    competitors: competitors.map((name) => ({ name, note: 'named in the brief' })),
    claims: [...claims, ...factsOf(brief)].map((text) => ({ text, source: null })),
    keywords: keywords.length > 0 ? keywords : keywordsIn(`${product.name} ${product.description ?? ''}`),
    basis: 'From the brief alone: no language model is configured, and nothing was looked up.',
  };
}

export function strategyFromBrief(brief: Brief, research: Research): Strategy {
  const { product, audience, goal } = brief;
  return {
    positioning: `${product.name} for ${audience}`,
    messages: unique([...research.claims.map(({ text }) => text), `${product.name} is for ${audience}.`]).slice(0, 6),
    channelPlan: defaultPlan(brief),
    kpis: [
      { name: goal, target: 'to be agreed before the start' },
      ...brief.channels.map((channel) => ({
        name: `Visits by ${channelOf(channel).name}`,
        target: `counted by utm_content=${channel}`,
      })),
    ],
  };
}

/** The plan for the channels of the brief and no others, within what calendar and budget can take. */
export function withinBrief(brief: Brief, strategy: Strategy): Strategy {
  const channelPlan = defaultPlan(brief).map((usual) => {
    const planned = strategy.channelPlan.find(({ channel }) => channel === usual.channel);
    if (planned === undefined) return usual;
    return {
      ...planned,
      day: Math.round(Math.min(LAST_DAY, Math.max(0, planned.day))),
      budgetWeight: Math.max(0, planned.budgetWeight),
    };
  });
  return { ...strategy, channelPlan };
}

/** The sentences in which the brief describes the product. */
export function factsOf({ product }: Pick<Brief, 'product'>): readonly string[] {
  return unique(
    (product.description ?? '')
      .split('\n')
      .flatMap((line) => sentencesOf(line))
      .map((sentence) => sentence.trim()),
  );
}

export function unique(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))];
}

function defaultPlan(brief: Brief): Strategy['channelPlan'] {
  return brief.channels.map((id) => {
    const { name, days, budgetWeight } = channelOf(id);
    return { channel: id, role: `${name}: ${brief.goal}`, day: days[0] ?? 0, budgetWeight };
  });
}

/** The name of the product, and the words that its description uses most; the first used wins a tie. */
function keywordsIn(text: string): string[] {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/\p{L}[\p{L}-]{2,}/gu) ?? []) {
    if (!COMMON.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const ranked = [...counts].toSorted(([, one], [, other]) => other - one).map(([word]) => word);
  return ranked.slice(0, MAX_KEYWORDS);
}
