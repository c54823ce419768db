/** Reads JSON bodies, which are counted before they are parsed. */
import { isUtf8 } from 'node:buffer';
import { json, type Request, type Response } from 'express';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { MOST_LEVELS } from '@continuo/agent/internal/platform/storable.js';
import type { Config } from './config.js';
import { refuseBeyond, refuseParsedBeyond, type JsonBounds } from './count-json.js';
import { WELL_FORMED } from './to-continuo-error.js';

/** The part of the configuration that bounds a body. */
export type BodyLimits = Pick<Config, 'bodyLimitBytes' | 'bodyLimitValues'>;

export const JSON_TYPES: readonly string[] = ['application/json', 'application/*+json'];

/** What wraps a message is not counted among its levels. */
const LEVELS_AROUND = 8;
const MOST_NAME_BYTES = 1_024;

/** What a body may have at the most, in whatever form it comes. */
export function boundsOf({ bodyLimitValues }: Pick<BodyLimits, 'bodyLimitValues'>): JsonBounds {
  return { values: bodyLimitValues, levels: MOST_LEVELS + LEVELS_AROUND, nameBytes: MOST_NAME_BYTES };
}

/** Puts the body into `request.body`, unless something before us has read it. */
export type ReadJson = (request: Request, response: Response) => Promise<void>;

/**
 * Rejects with PAYLOAD_TOO_LARGE as soon as a body is known to be too large, without waiting for the rest of it, with
 * INVALID_ARGUMENT when it has too many values, levels or too long a name, or is no UTF-8, with
 * CONTENT_TYPE_NOT_SUPPORTED for another encoding than UTF-8 (RFC 8259, section 8.1), and with what Express's body parser
 * throws (413, 400), which `toContinuoError` understands.
 */
export function jsonReader({ bodyLimitBytes, ...limits }: BodyLimits): ReadJson {
  const bounds = boundsOf(limits);
  const counted = new WeakSet<object>();
  const read = json({
    limit: bodyLimitBytes,
    strict: false,
    type: () => true,
    verify: (request, _response, body, encoding) => {
      if (encoding.toLowerCase() !== 'utf-8') throw otherEncoding();
      refuseUnread(body, bounds);
      counted.add(request);
    },
  });
  return async (request, response) => {
    if (isPlain(request, bodyLimitBytes)) {
      const body = await allOf(request);
      refuseUnread(body, bounds);
      request.body = parsed(body);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      if (request.body === undefined) refuseLongerThan(bodyLimitBytes, request, reject);
      read(request, response, (error?: unknown) => {
        if (error === undefined || error === null) resolve();
        else reject(error instanceof Error ? error : new Error('the body could not be read', { cause: error }));
      });
    });
    if (request.body !== undefined && !counted.has(request)) refuseParsedBeyond(request.body, bounds);
  };
}

/** Bytes that are no UTF-8 would be read as U+FFFD: as another text than the client has. */
function refuseUnread(body: Buffer, bounds: JsonBounds): void {
  if (!isUtf8(body)) throw invalidArgument('body', 'JSON in UTF-8');
  refuseBeyond(body, bounds);
}

const PLAIN_TYPE = /^application\/(?:[\w.-]+\+)?json(?: *; *charset=utf-8)?$/i;

/** Whether a body comes as most do: of a length that is said and allowed, in UTF-8, not compressed, and read by nobody yet. */
function isPlain(request: Request, most: number): boolean {
  const { headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  return (
    request.body === undefined &&
    length > 0 &&
    length <= most &&
    headers['content-encoding'] === undefined &&
    PLAIN_TYPE.test(headers['content-type'] ?? '') &&
    request.readableFlowing === null &&
    request.readableEncoding === null &&
    request.readable
  );
}

/** Rejects when the client goes before it has sent all of it. */
function allOf(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const cut = (): void => reject(invalidArgument('body', WELL_FORMED));
    const add = (chunk: Buffer): void => void chunks.push(chunk);
    request.on('data', add);
    request.once('end', () => {
      // An answer that streams keeps the request for hours: not its body, too.
      request.off('data', add).off('close', cut).off('error', cut);
      const [first] = chunks;
      resolve(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
    request.on('close', cut).on('error', cut);
  });
}

const BYTE_ORDER_MARK = '\uFEFF';

/** As the body parser reads it. Throws INVALID_ARGUMENT for what is no JSON. */
function parsed(body: Buffer): unknown {
  const text = body.toString('utf8');
  const unmarked = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  try {
    return unmarked === '' ? {} : JSON.parse(unmarked);
  } catch (error) {
    throw new ContinuoError('INVALID_ARGUMENT', invalidArgument('body', WELL_FORMED).message, {
      field: 'body',
      expected: WELL_FORMED,
      cause: error,
    });
  }
}

/** The body parser says so when it has taken all of the body, which some clients never send. */
function refuseLongerThan(most: number, request: Request, refuse: (reason: Error) => void): void {
  const { headers } = request;
  const tooLarge = (): void => refuse(new ContinuoError('PAYLOAD_TOO_LARGE', `The body has more than ${most} bytes.`));
  if (Number(headers['content-length'] ?? 0) > most) return tooLarge();
  if (headers['transfer-encoding'] === undefined) return;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) tooLarge();
  });
}

function otherEncoding(): ContinuoError {
  return new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The body must be JSON in UTF-8.', {
    field: 'Content-Type',
    expected: 'JSON in UTF-8',
  });
}
