/** What a request over HTTP+JSON asks for: of its path, query and body the params that JSON-RPC has, which are checked alike. */
import type { Request } from 'express';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { fromProtoJson, fromQuery, type Shape } from '../platform/proto-json.js';
import { shapes, tenantShape } from './request-shapes.js';
import { checkedRequest, type CheckedRequest } from './wire-requests.js';

interface Read extends Pick<CheckedRequest, 'message'> {
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Checks what is asked of `method`, whose ids and tenant are those of the path, and puts it where the SDK looks for it, in the
 * one spelling that it reads. Throws INVALID_ARGUMENT, also for a query or a body that names others than the path.
 */
export function readRequest(method: string, request: Request): Read {
  const shape = shapes.get(method);
  if (shape === undefined) throw new Error(`There is no operation ${method}.`);
  const hasBody = request.method === 'POST';
  const said: Readonly<Record<string, unknown>> = {
    ...fromQuery(hasBody ? tenantShape : shape, request.query),
    ...(hasBody && bodyOf(request, shape)),
  };
  const inPath = namedIn(request.params, shape);
  refuseOthers(said, inPath);
  const given = { ...said, ...inPath };
  const { params, message } = checkedRequest({ method, params: given }) as CheckedRequest & Read;
  // Express makes it anew each time that it is asked.
  Object.defineProperty(request, 'query', { value: toQuery(params), configurable: true });
  if (hasBody) request.body = params;
  return { params, ...(message && { message }) };
}

/** What a path names, as the operation calls it. */
function namedIn({ tenant, taskId, configId }: Request['params'], shape: Shape): Readonly<Record<string, unknown>> {
  const ofTenant = tenant === undefined ? {} : { tenant };
  if (taskId === undefined) return ofTenant;
  if (!shape.fields.has('taskId')) return { ...ofTenant, id: taskId };
  return { ...ofTenant, taskId, ...(configId !== undefined && { id: configId }) };
}

/** Null and what is empty is not set, as ProtoJSON has it. */
function refuseOthers(said: Readonly<Record<string, unknown>>, inPath: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(inPath)) {
    const other = said[name] ?? '';
    if (other !== '' && other !== value) throw invalidArgument(name, 'what the path says, or none');
  }
}

function bodyOf(request: Request, shape: Shape): object {
  const body: unknown = request.body ?? {};
  if (!isObject(body)) throw invalidArgument('body', 'an object');
  return fromProtoJson(shape, body) as object;
}

function toQuery(params: object): Readonly<Record<string, string>> {
  const texts = Object.entries(params).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
}
