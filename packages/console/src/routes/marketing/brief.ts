/** The brief as the form has it, and as the swarm takes it. */
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
};

export function missingIn(brief: BriefFields): ReadonlySet<string> {
  return new Set((['product', 'audience', 'goal'] as const).filter((name) => brief[name].trim() === ''));
}

/** What was left empty is left out: the swarm has defaults of its own. */
export function toBrief(brief: BriefFields): Readonly<Record<string, unknown>> {
  const { budget, currency, approval, claims, keywords, channels, ...texts } = brief;
  const said = Object.entries(texts).flatMap(([name, text]) =>
    text.trim() === '' ? [] : [[name, text.trim()] as const],
  );
  const lists = Object.entries({ claims: linesOf(claims), keywords: linesOf(keywords), channels });
  return {
    ...Object.fromEntries(said),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
    ...(budget === '' ? {} : { budget: { amount: Number(budget), currency: currency.trim().toUpperCase() || 'EUR' } }),
    approval: approval ? 'required' : 'none',
  };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
