/** Sends JSON as Express does, in one piece and without what it does for caches: for answers that nobody keeps. */
import type { ServerResponse } from 'node:http';

/** With the status and headers that are set already. */
export function answerJson(response: ServerResponse, body: unknown, type = 'application/json'): void {
  const text = JSON.stringify(body);
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
