/** What A2A requests must look like on the wire: stricter than the SDK's readers, which read nonsense as nothing. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { historyLength, time, wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import { messageSchema, type Message } from '@continuo/agent/internal/sessions/message.js';
import { fromWireState } from '@continuo/agent/internal/tasks/task-state.js';
import { isReadAlike, plainMessageOf, withOneContent } from './plain-messages.js';
import { fromProtoJson } from '../platform/proto-json.js';
import { shapes } from './request-shapes.js';

const optionalText = z.string().nullish();
const metadata = z.record(z.string(), z.unknown()).nullish();

/** Protocol Buffers carry no empty text: what is missing and what is empty is told in the same words over every binding. */
function requiredText(expected: string) {
  const error = `expected ${expected}`;
  return z.string({ error }).min(1, { error });
}

const pushConfig = z.object({
  tenant: optionalText,
  id: optionalText,
  url: requiredText('the URL of the receiver'),
  token: optionalText,
  authentication: z
    .object({ scheme: requiredText('an HTTP authentication scheme, as Bearer'), credentials: optionalText })
    .nullish(),
});

export const sendParams = z.object({
  tenant: optionalText,
  message: messageSchema,
  configuration: z
    .object({
      acceptedOutputModes: listOf(z.string()).nullish(),
      historyLength: historyLength.nullish(),
      returnImmediately: z.boolean().nullish(),
      taskPushNotificationConfig: pushConfig.nullish(),
    })
    .nullish(),
  metadata,
});

const state = z
  .string()
  .refine(
    (value) => value === 'TASK_STATE_UNSPECIFIED' || fromWireState(value) !== undefined,
    'expected a TASK_STATE_…',
  );

const taskId = requiredText('the id of a task');
const taskParams = z.object({ tenant: optionalText, id: taskId });
const pushParams = z.object({ tenant: optionalText, taskId, id: requiredText('the id of a push notification config') });

const listParams = z.object({
  tenant: optionalText,
  contextId: optionalText,
  status: state.nullish(),
  pageSize: wholeNumber(1, 100).nullish(),
  pageToken: optionalText,
  historyLength: historyLength.nullish(),
  statusTimestampAfter: time.nullish(),
  includeArtifacts: z.boolean().nullish(),
});

const methods = {
  SendMessage: sendParams,
  SendStreamingMessage: sendParams,
  GetTask: taskParams.extend({ historyLength: historyLength.nullish() }),
  ListTasks: listParams,
  CancelTask: taskParams.extend({ metadata }),
  SubscribeToTask: taskParams,
  CreateTaskPushNotificationConfig: pushConfig.extend({ taskId }),
  GetTaskPushNotificationConfig: pushParams,
  ListTaskPushNotificationConfigs: z.object({
    tenant: optionalText,
    taskId,
    pageSize: wholeNumber().nullish(),
    pageToken: optionalText,
  }),
  DeleteTaskPushNotificationConfig: pushParams,
  GetExtendedAgentCard: z.object({ tenant: optionalText }),
} as const;

export interface JsonRpcRequest {
  readonly id?: string | number | null;
  readonly method: string;
  readonly params?: unknown;
}

export interface CheckedRequest extends JsonRpcRequest {
  /** The message of its params, where the SDK would read the same. */
  readonly message?: Message;
}

const schemas: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(methods));
/** Params of which nothing need stand may be left out. */
const allOptional: ReadonlySet<z.ZodType> = new Set<z.ZodType>([methods.ListTasks, methods.GetExtendedAgentCard]);

/** The same when it is of v1.0, and its params are as they should be; undefined for other methods. Throws INVALID_ARGUMENT. */
export function checkedRequest(body: JsonRpcRequest): CheckedRequest | undefined {
  const schema = schemas.get(body.method);
  if (schema === undefined) return undefined;
  const given = body.params ?? (allOptional.has(schema) ? {} : undefined);
  if (typeof given !== 'object' || Array.isArray(given)) throw invalidArgument('params', 'an object');
  const plain = schema === sendParams ? plainMessageOf(given) : undefined;
  if (plain !== undefined) return { id: body.id ?? null, method: body.method, params: given, message: plain };
  const shape = shapes.get(body.method);
  const params = shape === undefined ? given : (fromProtoJson(shape, given) as object);
  const read = params === body.params ? body : { ...body, params };
  if (schema !== sendParams) {
    parse(schema, params);
    return read;
  }
  const { message } = parse(sendParams, params);
  if (!('message' in params)) return read;
  if (isReadAlike(params.message, message)) return { ...read, message };
  const wire = withOneContent(params.message, message);
  return wire === params.message ? read : { ...read, params: { ...params, message: wire } };
}

/** Whether it is a JSON-RPC 2.0 request at all. */
export function isRequest(body: unknown): body is JsonRpcRequest {
  return (
    typeof body === 'object' &&
    body !== null &&
    'jsonrpc' in body &&
    body.jsonrpc === '2.0' &&
    'method' in body &&
    typeof body.method === 'string' &&
    (!('id' in body) || isId(body.id))
  );
}

/** A larger number would come back as another one. */
function isId(id: unknown): boolean {
  return id === null || typeof id === 'string' || Number.isSafeInteger(id);
}
