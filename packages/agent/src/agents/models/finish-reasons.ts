/** Why a model stopped, in a sentence for people, where that is not because it had said all. */

/** Undefined for an answer that is whole, as far as the provider says. */
export function cutShort(finishReason: string): string | undefined {
  if (finishReason === 'length') return "The answer was cut off at the model's limit.";
  if (finishReason === 'content-filter') return "The answer was cut off by the content filter of the model's provider.";
  return undefined;
}
