/** Sends JSON as Express does, without what it does for caches: for answers that nobody keeps, and large ones piece by piece. */
import type { ServerResponse } from 'node:http';
import { largeJson } from './json-pieces.js';

/** With the status and headers that are set already. */
export function answerJson(response: ServerResponse, body: unknown, type = 'application/json'): void {
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  if (answerLargeJson(response, body)) return;
  const text = JSON.stringify(body);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/** False, with nothing sent, when `body` isn't large. */
export function answerLargeJson(response: ServerResponse, body: unknown): boolean {
  const pieces = largeJson(body);
  if (pieces === undefined) return false;
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader(
    'Content-Length',
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  for (const piece of pieces) response.write(piece);
  response.end();
  return true;
}
