/** How long prompts are, and how long they may be for a model, as far as its refusals have told. */
import type { ModelMessage, ToolResultPart } from 'ai';
import type { LanguageModel } from './language-model.js';
import { TOKENS_PER_FILE, tokensIn, tokensInJson } from './tokens.js';

/** Of what a provider says that it takes: its own count of the next prompt may be higher than ours. */
const MARGIN = 0.95;
/** By how much one odd prompt may make the estimate look too low for all others. */
const MOST_SCALE = 2;

/** Tokens, estimated. Forgotten when the process ends: the next refusal tells again. */
const rooms = new WeakMap<LanguageModel, number>();

/** The longest prompt that the model is known to take; undefined while it has refused none. */
export function roomOf(model: LanguageModel): number | undefined {
  return rooms.get(model);
}

export function learnRoom(model: LanguageModel, tokens: number): void {
  rooms.set(model, Math.min(Math.max(1, Math.floor(tokens)), rooms.get(model) ?? Number.POSITIVE_INFINITY));
}

/**
 * What a prompt that was refused may have had, by our estimate of it. `most` and `sent` are the provider's counts. `always`
 * is what other prompts may have as well.
 */
export function allowed(
  estimate: number,
  { most, sent }: { readonly most: number; readonly sent?: number },
): { readonly now: number; readonly always: number } {
  const scale = sent === undefined || estimate === 0 ? 1 : sent / estimate;
  const counted = most * MARGIN;
  return { now: counted / Math.max(scale, 1 / MOST_SCALE), always: counted / Math.min(Math.max(scale, 1), MOST_SCALE) };
}

/** What a model is sent. */
export interface Sent {
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools?: unknown;
  readonly schema?: unknown;
}

/** Of all that the model is sent. */
export function tokensOfQuestion({ system, tools, schema, messages }: Sent): number {
  const said = messages.reduce((sum, message) => sum + tokensOfTurn(message), 0);
  return tokensIn(system) + tokensInJson(tools) + tokensInJson(schema) + said;
}

function tokensOfTurn({ content }: ModelMessage): number {
  if (typeof content === 'string') return tokensIn(content);
  return content.reduce((sum, part) => {
    if (part.type === 'text' || part.type === 'reasoning') return sum + tokensIn(part.text);
    if (part.type === 'file' || part.type === 'image') return sum + TOKENS_PER_FILE;
    if (part.type === 'tool-call') return sum + tokensInJson(part.input);
    return part.type === 'tool-result' ? sum + tokensOfOutput(part.output) : sum;
  }, 0);
}

function tokensOfOutput(output: ToolResultPart['output']): number {
  if (output.type !== 'content') {
    return 'value' in output && typeof output.value === 'string' ? tokensIn(output.value) : tokensInJson(output);
  }
  return output.value.reduce((sum, item) => sum + (item.type === 'text' ? tokensIn(item.text) : TOKENS_PER_FILE), 0);
}
