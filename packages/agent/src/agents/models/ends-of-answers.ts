/** How answers end that aren't what they seem: broken off without an error, declined, or with a call that was cut off. */
import { isNothing } from '../../platform/text.js';
import { isObject } from '../../platform/json-object.js';
import { providerOfModel, type LanguageModel } from './language-model.js';

/** Providers that say at the end of each answer why it ends: what ends without a word of it is not whole. */
const sayWhy: ReadonlySet<string> = new Set(['anthropic', 'google', 'openai', 'openai-compatible']);

/** Whether the answer just stopped coming, as when a connection is closed in the middle of it. */
export function hasBrokenOff(
  model: Pick<LanguageModel, 'provider'>,
  { finishReason, rawFinishReason }: { readonly finishReason: string; readonly rawFinishReason: string | undefined },
): boolean {
  return finishReason === 'other' && rawFinishReason === undefined && sayWhy.has(providerOfModel(model));
}

/** Words with which a model of OpenAI's declines to answer, in an event as it came: the AI SDK passes over them. */
export function declinedIn(raw: unknown): string | undefined {
  if (!isObject(raw) || raw['type'] !== 'response.refusal.delta') return undefined;
  return typeof raw['delta'] === 'string' ? raw['delta'] : undefined;
}

/**
 * Where the model's limit cut the answer off before anything of the last call's arguments had come, the AI SDK takes them
 * for an empty object: that call has none. `written`: what had come of the arguments, by id.
 */
export function withoutCutCall<Call extends { readonly id: string; readonly input: unknown }>(
  calls: readonly Call[],
  finishReason: string,
  written: ReadonlyMap<string, string>,
): readonly Call[] {
  const last = calls.at(-1);
  if (finishReason !== 'length' || last === undefined || !isNothing(written.get(last.id) ?? '')) return calls;
  const isEmpty = isObject(last.input) && Object.keys(last.input).length === 0;
  return isEmpty ? [...calls.slice(0, -1), { ...last, input: null }] : calls;
}
