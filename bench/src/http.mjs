/** HTTP over kept-alive connections, as plain as Node has it, so that the client's own cost stays small. */
import { Agent, request } from 'node:http';

/** Less than a server keeps a silent connection (5 s): none is used again just when it closes, after another server's turn. */
const SILENT_MS = 2_000;

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, noDelay: true, timeout: SILENT_MS });

/**
 * @param {string} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: unknown }} [options] `body` is sent as JSON
 * @returns {Promise<import("node:http").IncomingMessage>} the response, its body unread
 */
export function open(url, { method = 'GET', headers = {}, body } = {}) {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(url, {
      agent,
      method,
      headers: {
        ...headers,
        ...(payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
      },
    });
    call.once('error', reject);
    call.once('response', resolve);
    call.end(payload);
  });
}

/**
 * @param {import("node:http").IncomingMessage} response
 * @returns {Promise<any>} its JSON body
 * @throws {Error} on a status other than 2xx
 */
export async function readJson(response) {
  /** @type {Buffer[]} */
  const pieces = [];
  for await (const piece of response) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299) throw new Error(`HTTP ${statusCode}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
