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
 * one spelling that it reads. Throws INVALID_ARGUMENT, also for a query or a body that names another tenant.
 */
export function readRequest(method: string, request: Request): Read {
  const shape = shapes.get(method);
  if (shape === undefined) throw new Error(`There is no operation ${method}.`);
  const hasBody = request.method === 'POST';
  const said: Readonly<Record<string, unknown>> = {
    ...fromQuery(hasBody ? tenantShape : shape, request.query),
    ...(hasBody && bodyOf(request, shape)),
  };
  const { tenant } = request.params;
  const named = said['tenant'] ?? '';
  if (tenant !== undefined && named !== '' && named !== tenant) {
    throw invalidArgument('tenant', 'what the path says, or none');
  }
  const given = { ...said, ...(tenant !== undefined && { tenant }), ...idsIn(request.params, shape) };
  const { params, message } = checkedRequest({ method, params: given }) as CheckedRequest & Read;
  // Express makes it anew each time that it is asked.
  Object.defineProperty(request, 'query', { value: toQuery(params), configurable: true });
  if (hasBody) request.body = params;
  return { params, ...(message && { message }) };
}

/** The ids of a path as the operation calls them. */
function idsIn({ taskId, configId }: Request['params'], shape: Shape): object {
  if (taskId === undefined) return {};
  return shape.fields.has('taskId') ? { taskId, ...(configId !== undefined && { id: configId }) } : { id: taskId };
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
