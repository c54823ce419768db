/** What a language model's failure means: whether trying again may help, and what to tell people. */
import { APICallError, InvalidPromptError, LoadAPIKeyError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { AnswerRefused } from '../../platform/answer-refused.js';
import { causeOf, messageOf, TerminalError } from '../../platform/errors.js';
import { nameOfModel, type LanguageModel } from './language-model.js';
import { cut, wellFormed } from '../../platform/text.js';
import { isAboutFiles, tooLongIn, type PromptLength } from './refusals.js';

const MAX_CHARACTERS = 500;
const MAX_RETRY_AFTER_MS = 60_000;

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

/** The model can't answer anybody as it is configured: it refuses the key, or isn't known there. */
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
  if (error.isRetryable || statusCode === 425) {
    return new ModelUnavailableError(`${name} is overloaded or unavailable (${said})`, retryAfterOf(error));
  }
  if (statusCode === 401 || statusCode === 403) {
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

/** `retry-after-ms`, or `Retry-After` in seconds; its form with a date is not used by providers of models. */
function retryAfterOf({ responseHeaders = {} }: APICallError): number | undefined {
  const ms = Number(responseHeaders['retry-after-ms'] ?? Number.NaN);
  const wanted = Number.isFinite(ms) ? ms : Number(responseHeaders['retry-after'] ?? Number.NaN) * 1000;
  return Number.isFinite(wanted) && wanted > 0 ? Math.min(wanted, MAX_RETRY_AFTER_MS) : undefined;
}

/** Errors inside a stream come as text, as `{ message }`, or as an Error with the reason as its cause. */
function saidBy(error: unknown): string {
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
