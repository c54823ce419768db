/** Who speaks MCP, as far as its requests say it: the session's id carries what the client has said it can do. */
import type { Request } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { INVALID_REQUEST, refusal } from './errors.js';

export const SESSION_HEADER = 'Mcp-Session-Id';
const VERSION_HEADER = 'MCP-Protocol-Version';

/** Newest first. */
const protocolVersions = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
type ProtocolVersion = (typeof protocolVersions)[number];
export const newestVersion: ProtocolVersion = protocolVersions[0];
/** Of a client that doesn't say (transports, "Protocol Version Header"). */
const UNSAID: ProtocolVersion = '2025-03-26';

const ASKS = '.asks';
const SESSION = /^[0-9a-f-]{36}(?:\.asks)?$/;

/** What is known of a client, with each request anew. */
export interface McpClient {
  /** Undefined for one that did not begin with `initialize`. */
  readonly sessionId: string | undefined;
  /** It asks people what a server wants to know. */
  readonly elicits: boolean;
  readonly version: ProtocolVersion;
}

/** The id of a new session of a client that may ask people, or not. */
export function newSessionId(elicits: boolean): string {
  return `${newId()}${elicits ? ASKS : ''}`;
}

export function protocolVersion(name: string | undefined): ProtocolVersion | undefined {
  return protocolVersions.find((known) => known === name);
}

/**
 * Throws VERSION_NOT_SUPPORTED (400), and SESSION_NOT_FOUND (404) for a session that no instance has begun: the client
 * begins a new one then.
 */
export function clientOf(request: Request): McpClient {
  const named = request.get(VERSION_HEADER);
  const version = named === undefined ? UNSAID : protocolVersion(named);
  if (version === undefined) {
    const known = protocolVersions.join(', ');
    throw refusal(INVALID_REQUEST, 'VERSION_NOT_SUPPORTED', `${VERSION_HEADER}: expected one of ${known}`);
  }
  const sessionId = request.get(SESSION_HEADER);
  if (sessionId !== undefined && !SESSION.test(sessionId)) {
    throw new ContinuoError('SESSION_NOT_FOUND', 'There is no such MCP session; begin one with initialize.');
  }
  return { sessionId, elicits: sessionId?.endsWith(ASKS) === true, version };
}
