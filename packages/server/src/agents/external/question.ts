/** A remote agent's question as the local task asks it: the same words, the same schema, the same time for the answer. */
import { saysNothing } from '@continuo/agent/internal/agents/content.js';
import { toInputRequest } from '@continuo/agent/internal/agents/input-request.js';
import type { InputOptions } from '@continuo/agent/internal/agents/task-context.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Settled } from './mirror.js';

export interface Question {
  readonly question: readonly Part[];
  readonly options: InputOptions;
}

/** A schema or a time that can't be used is left to the remote agent, which checks the answer as well; so are patterns. */
export function questionOf({ state, said, request }: Settled, now: Date): Question {
  const nothing = state === 'AUTH_REQUIRED' ? 'credentials, and did not say which' : 'more input';
  const question = !saysNothing(said) ? said : [{ text: `The remote agent asks for ${nothing}.` }];
  const options = optionsOf(request, now);
  try {
    toInputRequest('requestInput', options, now);
    return { question, options };
  } catch {
    return { question, options: {} };
  }
}

function optionsOf(request: unknown, now: Date): InputOptions {
  if (typeof request !== 'object' || request === null) return {};
  const schema = 'schema' in request ? request.schema : undefined;
  const expires = 'expiresAt' in request && typeof request.expiresAt === 'string' ? Date.parse(request.expiresAt) : NaN;
  return {
    ...(typeof schema === 'object' && schema !== null
      ? { schema: schema as Readonly<Record<string, unknown>>, foreign: true }
      : {}),
    ...(Number.isNaN(expires) ? {} : { timeoutMs: Math.max(1, expires - now.getTime()), default: '' }),
  };
}
