/** What the failure of a request to an MCP server says of the session, and of whether the request may have been carried out. */
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { AnswerRefused } from '@continuo/agent/internal/platform/answer-refused.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { startOf } from '@continuo/agent/internal/platform/text.js';
import { ENDED_EARLY } from './http-fetch.js';

/**
 * `doubtful`: the server answered, which may be its way to say that it knows no such session. In all other cases the
 * session is of no more use: `refused`, nothing was done of what was asked; `lost`, it may have been; `silent`, likewise,
 * and asking again would take as long.
 */
export type Loss = 'doubtful' | 'refused' | 'lost' | 'silent';

/** By which servers refuse a request at the door: they don't know the session, or what it was allowed. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 401, 404]);
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const UNKNOWN_SESSION =
  /\bsession\b.*\b(not found|unknown|invalid|expired|missing|closed|terminated|required|(does not|doesn't|no longer) exist|not initialized|not recognized)|\b(unknown|invalid|expired|missing|no such|no valid|no active)\b.*\bsession\b|\bnot initialized\b/i;
/** What no server says, but the SDK of one that doesn't answer. */
export const TIMED_OUT = 'Request timed out';
const ENDED = ['Connection closed', ENDED_EARLY];
const MOST_CHARACTERS = 1_000;

export function lossBy(error: unknown): Loss {
  if (error instanceof AnswerRefused) return 'doubtful';
  const message = startOf(messageOf(error), MOST_CHARACTERS);
  if (UNKNOWN_SESSION.test(message)) return 'refused';
  if (error instanceof McpError) {
    if (message.endsWith(TIMED_OUT)) return 'silent';
    return ENDED.some((end) => message.endsWith(end)) ? 'lost' : 'doubtful';
  }
  if (error instanceof StreamableHTTPError) return REFUSALS.has(error.code) ? 'refused' : 'lost';
  return wasNeverSent(error) ? 'refused' : 'lost';
}

/** The SDK says `Not connected` of a connection that has ended. */
function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message === 'Not connected') return true;
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && NEVER_SENT.has(String(cause.code));
}
