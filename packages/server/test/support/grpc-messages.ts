/** What tests of gRPC look at in events, messages and services. */
import { StreamResponse } from '@a2a-js/sdk';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { at } from './http-calls.js';

export const PROGRESS = 'urn:continuo:a2a:progress:v1';

/** The id of an event, and the state that it puts its task into, if it does. */
export function eventOf(event: unknown): { readonly id: unknown; readonly state: string | undefined } {
  const value = at(StreamResponse.toJSON(event as StreamResponse), 'statusUpdate') ?? at(event, 'payload', 'value');
  const state = at(value, 'status', 'state');
  return { id: at(value, 'metadata', PROGRESS, 'eventId'), state: typeof state === 'string' ? state : undefined };
}

/** Their paths, and whether requests and answers are streams. */
export function methodsOf(service: ServiceDefinition): ReadonlySet<string> {
  const methods = Object.values(service);
  return new Set(
    methods.map(({ path, requestStream, responseStream }) => `${path} ${requestStream} ${responseStream}`),
  );
}

/** A message with all that one may have. */
export const everyPart = {
  messageId: 'm',
  contextId: 'c',
  taskId: 't',
  role: 'ROLE_AGENT',
  parts: [
    { text: 'x', mediaType: 'text/plain', metadata: { k: 1 } },
    { raw: 'aGk=', filename: 'f' },
    { url: 'http://u' },
    { data: { d: [] } },
  ],
  extensions: ['e'],
  referenceTaskIds: ['r'],
};
