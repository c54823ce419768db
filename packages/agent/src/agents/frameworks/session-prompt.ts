/** The prompt of agents of other frameworks: what their session holds, in the form that the model takes. */
import type { ModelMessage } from 'ai';
import { isObject } from '../../platform/json-object.js';
import type { Message, Part } from '../../sessions/message.js';
import { isBridged } from '../models/bridged-models.js';
import type { LanguageModel } from '../models/language-model.js';
import { legalPrompt } from '../models/legal-prompt.js';
import { toPrompt } from '../models/prompt.js';
import { looksBroken, mediaTypeOf, readsOf } from '../models/readable-files.js';
import { estimateTokens } from '../models/tokens.js';

/** Estimated, of what was said before: of a longer session the newest messages are shown that fit. */
const MOST_TOKENS = 64_000;

/**
 * What was said before, oldest first, then what is said now: the user begins and has the last word, and files are named
 * that the model does not read or that are no such files, so that none of them makes each later turn fail. `model`: who
 * is asked, as far as that is known.
 */
export function sessionPrompt(
  history: readonly Message[],
  parts: readonly Part[],
  model?: LanguageModel,
): ModelMessage[] {
  const shown = newest(history);
  const broken = new Set(
    [...shown.flatMap((message) => message.parts), ...parts].filter(isBroken).map(({ raw }) => raw),
  );
  const known = isObject(model) && typeof model.provider === 'string' ? model : undefined;
  return legalPrompt(toPrompt(shown, parts), {
    reads: readsOf(known ?? { provider: '' }),
    bridged: known !== undefined && isBridged(known),
    apart: false,
    hasRefused: (base64) => broken.has(base64),
  });
}

function isBroken({ raw, mediaType = '' }: Part): boolean {
  return raw !== undefined && looksBroken(mediaTypeOf(mediaType, raw), raw);
}

function newest(history: readonly Message[]): readonly Message[] {
  let tokens = 0;
  let from = history.length;
  for (const message of history.toReversed()) {
    tokens += estimateTokens(message);
    if (tokens > MOST_TOKENS) break;
    from -= 1;
  }
  return history.slice(from);
}
