/** What a model said in earlier rounds of a turn, as the one that is asked now can be told. */
import type { AssistantModelMessage, ModelMessage } from 'ai';

/** By which model each message was said, as `provider/model id`. */
export type SaidBy = ReadonlyMap<ModelMessage, string>;

/**
 * A model gets back all that it said, its sealed reasoning included, as its provider wants it. Another one gets the words
 * and the calls: what is sealed for one model is refused by others.
 */
export function asToldTo(model: string, messages: readonly ModelMessage[], by: SaidBy): readonly ModelMessage[] {
  return messages.map((message) =>
    message.role !== 'assistant' || (by.get(message) ?? model) === model ? message : inPlainWords(message),
  );
}

function inPlainWords({ role, content }: AssistantModelMessage): AssistantModelMessage {
  if (typeof content === 'string') return { role, content };
  const plain = content.filter((part) => part.type !== 'reasoning');
  return { role, content: plain.map((part) => ({ ...part, providerOptions: undefined })) };
}
