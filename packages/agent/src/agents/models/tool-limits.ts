/** How many tools a model may be offered: providers refuse the whole request for one too many. */
import { providerOfModel, type LanguageModel } from './language-model.js';

/** What providers are known to take; whoever isn't here takes any number, until a refusal says otherwise. */
const known: Readonly<Record<string, number>> = { openai: 128 };
/** As refusals have told. Forgotten when the process ends: the next refusal tells again. */
const learned = new WeakMap<LanguageModel, number>();

const tooMany =
  /\b(?:tools|functions|function[ _]declarations)\b.{0,80}?(?:too long|too many|at most|maximum|limit|exceed)/is;
const limit = /(?:maximum(?: length| number)?|at most|limit|up to)\D{0,30}(\d{1,6})/i;

/** The model's share of `tools`, the first of them, and the names of the others. */
export function offeredTo<Tool>(
  model: LanguageModel,
  tools: Readonly<Record<string, Tool>>,
): { readonly offered: Readonly<Record<string, Tool>>; readonly leftOut: readonly string[] } {
  const most = learned.get(model) ?? known[providerOfModel(model)] ?? Number.POSITIVE_INFINITY;
  const all = Object.entries(tools);
  if (all.length <= most) return { offered: tools, leftOut: [] };
  return { offered: Object.fromEntries(all.slice(0, most)), leftOut: all.slice(most).map(([name]) => name) };
}

/** Whether this refusal says how many tools the model takes, and these are more. */
export function learnsToolLimit(model: LanguageModel, tools: object, refusal: string): boolean {
  const most = tooMany.test(refusal) ? Number(limit.exec(refusal)?.[1] ?? 0) : 0;
  if (most < 1 || Object.keys(offeredTo(model, { ...tools }).offered).length <= most) return false;
  learned.set(model, most);
  return true;
}
