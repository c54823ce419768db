/** A request of MCP's under way, and what carries it out. */
import type { Request, Response } from 'express';
import type { ProtocolParts } from '../protocol.js';
import type { Turns } from '../turns.js';
import type { McpClient } from './client.js';
import type { RequestId } from './messages.js';

export interface McpCall {
  readonly request: Request;
  readonly response: Response;
  readonly client: McpClient;
  readonly id: RequestId;
  readonly params: unknown;
  readonly parts: ProtocolParts;
  readonly turns: Turns;
}
