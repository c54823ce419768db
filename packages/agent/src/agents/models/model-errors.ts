/** What a language model's failure means: whether trying again may help, and what to tell people. */
import {
  APICallError,
  InvalidPromptError,
  JSONParseError,
  LoadAPIKeyError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { AnswerRefused } from '../../platform/answer-refused.js';
import { causeOf, messageOf, TerminalError } from '../../platform/errors.js';
import { nameOfModel, type LanguageModel } from './language-model.js';
import { cut, wellFormed } from '../../platform/text.js';
import { isAboutFiles, isAboutKeys, isAboutMoney, tooLongIn, type PromptLength } from './refusals.js';
import { retryAfterOf } from './retry-after.js';

const MAX_CHARACTERS = 500;

/** The model can't answer now: overloaded, too slow, out of reach, or cut off in the middle of its answer. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';

  constructor(
    message: string,
    /** Milliseconds after which the provider wants to be asked again, a minute at the most. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** The model can't answer anybody as it is configured: it refuses the key, isn't known there, or isn't paid for. */
export class ModelUnusableError extends TerminalError {}

/** The model won't take the request as it is. */
export class RequestRefusedError extends TerminalError {}

/** The prompt is longer than the model takes. */
export class PromptTooLongError extends TerminalError {
  constructor(
    message: string,
    /** What the provider says of it. */
    readonly length: PromptLength = {},
  ) {
    super(message);
  }
}

/** TerminalError when trying again can't help, ModelUnavailableError otherwise. */
export function toModelError(
  error: unknown,
  model: Pick<LanguageModel, 'provider' | 'modelId'>,
): TerminalError | ModelUnavailableError {
  const name = `The language model ${nameOfModel(model)}`;
  if (error instanceof TerminalError || error instanceof ModelUnavailableError) return error;
  if (APICallError.isInstance(error)) return ofCall(error, name);
  if (LoadAPIKeyError.isInstance(error)) {
    return new ModelUnusableError(`${name} needs a key. Set CONTINUO_MODEL_API_KEY.`);
  }
  if (UnsupportedFunctionalityError.isInstance(error)) {
    return new RequestRefusedError(`${name} can't read what it was sent: ${error.functionality} is not supported.`);
  }
  if (InvalidPromptError.isInstance(error)) return new TerminalError(`${name} can't be asked this: ${error.message}`);
  const why = saidBy(error);
  const tooLong = tooLongIn(why);
  if (tooLong !== undefined)
    return new PromptTooLongError(`${name} finds the prompt too long: ${inShort(why)}`, tooLong);
  return new ModelUnavailableError(`${name} broke off its answer: ${inShort(why)}`);
}

function ofCall(error: APICallError, name: string): TerminalError | ModelUnavailableError {
  const { statusCode } = error;
  const refused = refusalIn(error);
  if (refused !== undefined && (statusCode === undefined || statusCode < 400)) return refused;
  if (statusCode === undefined) {
    return new ModelUnavailableError(`${name} can't be reached at ${originOf(error.url)}: ${inShort(error.message)}`);
  }
  if (statusCode < 400) {
    const why = error.cause === undefined ? error.message : messageOf(error.cause);
    return new ModelUnavailableError(`${name} broke off its answer: ${inShort(why)}`);
  }
  const said = `HTTP ${statusCode}: ${inShort(error.message)}`;
  const tooLong = statusCode <= 500 ? tooLongIn(error.message) : undefined;
  if (statusCode === 413 || tooLong !== undefined)
    return new PromptTooLongError(`${name} finds the prompt too long (${said})`, tooLong);
  if (isAboutFiles(statusCode, error.message)) return new RequestRefusedError(`${name} refused the request (${said})`);
  if (isAboutMoney(statusCode, error)) {
    return new ModelUnusableError(`${name} is not paid for (${said}). Check the account of CONTINUO_MODEL_API_KEY.`);
  }
  // Of errors within a stream, the AI SDK takes fewer for such.
  if (error.isRetryable || statusCode === 425 || statusCode === 429 || statusCode >= 500) {
    return new ModelUnavailableError(`${name} is overloaded or unavailable (${said})`, retryAfterOf(error));
  }
  if (isAboutKeys(statusCode, error)) {
    // Providers repeat parts of the key in what they say here.
    return new ModelUnusableError(`${name} refused the key (HTTP ${statusCode}). Check CONTINUO_MODEL_API_KEY.`);
  }
  if (statusCode === 404) {
    return new ModelUnusableError(
      `${name} is not known there (${said}). Check CONTINUO_MODEL and CONTINUO_MODEL_BASE_URL.`,
    );
  }
  return new RequestRefusedError(`${name} refused the request (${said})`);
}

/** The AI SDK wraps what goes wrong while an answer is read. */
function refusalIn(error: unknown): AnswerRefused | undefined {
  for (let cause: unknown = error; cause !== undefined; cause = causeOf(cause)) {
    if (cause instanceof AnswerRefused) return cause;
  }
  return undefined;
}

/** Errors inside a stream come as text, as `{ message }`, or as an Error with the reason as its cause. */
function saidBy(error: unknown): string {
  if (TypeValidationError.isInstance(error)) return `it sent ${JSON.stringify(error.value)}`;
  if (JSONParseError.isInstance(error)) return `it sent ${JSON.stringify(error.text)}`;
  if (error instanceof Error) {
    return error.cause === undefined ? error.message : `${error.message} (${messageOf(error.cause)})`;
  }
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return typeof error === 'string' ? error : JSON.stringify(error);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function inShort(text: string): string {
  return cut(wellFormed(text), MAX_CHARACTERS);
}
