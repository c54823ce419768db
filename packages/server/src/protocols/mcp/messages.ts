/** The messages of MCP that clients send, as JSON-RPC 2.0 has them: requests, notifications and responses. */
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { refusal, INVALID_REQUEST } from './errors.js';

const MOST_CHARACTERS = 256;

export const requestIdSchema = z.union([z.string().max(MOST_CHARACTERS), z.int()], {
  error: `expected a whole number, or a string of at most ${MOST_CHARACTERS} characters`,
});

/** @useDeclaredType */
export type RequestId = z.output<typeof requestIdSchema>;

const version = z.literal('2.0', { error: "expected '2.0'" });
const params = z.record(z.string(), z.unknown()).optional();

const requestSchema = z.object({ jsonrpc: version, id: requestIdSchema, method: z.string(), params });
const notificationSchema = z.object({ jsonrpc: version, method: z.string(), params });
const responseSchema = z.object({
  jsonrpc: version,
  id: requestIdSchema,
  result: z.record(z.string(), z.unknown()).optional(),
});

type RpcRequest = z.output<typeof requestSchema>;
export type RpcNotification = z.output<typeof notificationSchema>;
/** To a request of ours; without a result it is an error. */
export type RpcResponse = z.output<typeof responseSchema>;

export type RpcMessage =
  | { readonly kind: 'request'; readonly request: RpcRequest }
  | { readonly kind: 'notification'; readonly notification: RpcNotification }
  | { readonly kind: 'response'; readonly response: RpcResponse };

/** Throws INVALID_ARGUMENT for what is none, or is several. */
export function readMessage(body: unknown): RpcMessage {
  if (Array.isArray(body)) {
    throw refusal(INVALID_REQUEST, 'INVALID_ARGUMENT', 'body: expected one message of JSON-RPC, and no batch');
  }
  const has = (name: string): boolean => typeof body === 'object' && body !== null && name in body;
  if (!has('method')) return { kind: 'response', response: parse(responseSchema, body) };
  if (has('id')) return { kind: 'request', request: parse(requestSchema, body) };
  return { kind: 'notification', notification: parse(notificationSchema, body) };
}
