/** Several models in the place of one: when one can't answer the next is asked, and it is left alone for a while. */
import type { Clock } from '../../platform/clock.js';
import { TerminalError } from '../../platform/errors.js';
import type { LanguageModel } from './language-model.js';
import { ModelUnavailableError, ModelUnusableError } from './model-errors.js';

/** How long a model isn't asked that was unavailable and doesn't say when to come back. */
const REST_MS = 30_000;
/** The same of one that refused the key, or isn't known where it was looked for. */
const LONG_REST_MS = 300_000;

const chains = new WeakMap<LanguageModel, readonly LanguageModel[]>();
/** Milliseconds since 1970. */
const restUntil = new WeakMap<LanguageModel, number>();

/**
 * A model that is `first` to whoever asks it alone, and in whose place agents ask the others, in this order, when it is
 * overloaded, can't be reached, breaks off its answer or refuses the key. Which one answered is in the answer's metadata.
 *
 * @example
 * providers: [{ provide: LANGUAGE_MODEL, useFactory: () => withFallbacks(anthropic('claude-…'), openai('gpt-…')) }]
 */
export function withFallbacks(first: LanguageModel, ...others: readonly LanguageModel[]): LanguageModel {
  if (others.length === 0) return first;
  const model: LanguageModel = {
    specificationVersion: 'v3',
    provider: first.provider,
    modelId: first.modelId,
    supportedUrls: first.supportedUrls,
    doGenerate: (options) => first.doGenerate(options),
    doStream: (options) => first.doStream(options),
  };
  chains.set(model, [first, ...others]);
  return model;
}

/**
 * Asks the model, or of several those that are not at rest, one after the other, until one answers. Throws what the only
 * one throws; of several what says of each why it didn't answer, and at once what another model couldn't mend.
 */
export async function askInTurn<Result>(
  model: LanguageModel,
  clock: Pick<Clock, 'now'>,
  ask: (model: LanguageModel) => Promise<Result>,
): Promise<Result> {
  const all = chains.get(model);
  if (all === undefined) return ask(model);
  const begun = clock.now().getTime();
  const ready = all.filter((one) => (restUntil.get(one) ?? 0) <= begun);
  const failures: Error[] = [];
  for (const one of ready.length > 0 ? ready : all) {
    try {
      const result = await ask(one);
      restUntil.delete(one);
      return result;
    } catch (error) {
      if (!isTheModels(error)) throw error;
      restUntil.set(one, clock.now().getTime() + restOf(error));
      failures.push(error);
    }
  }
  throw inOne(failures);
}

type OfTheModel = ModelUnavailableError | ModelUnusableError;

/** Another model may do better. */
function isTheModels(error: unknown): error is OfTheModel {
  return error instanceof ModelUnavailableError || error instanceof ModelUnusableError;
}

function restOf(error: OfTheModel): number {
  return error instanceof ModelUnusableError ? LONG_REST_MS : (error.retryAfterMs ?? REST_MS);
}

/** To be tried again when one of them may answer then, as soon as the first of them wants it. */
function inOne(failures: readonly Error[]): Error {
  const [first] = failures;
  if (first !== undefined && failures.length === 1) return first;
  const message = failures.map((failure) => failure.message).join(' ');
  const unavailable = failures.filter((failure) => failure instanceof ModelUnavailableError);
  if (unavailable.length === 0) return new TerminalError(message);
  return new ModelUnavailableError(message, Math.min(...unavailable.map(({ retryAfterMs = 0 }) => retryAfterMs)));
}
