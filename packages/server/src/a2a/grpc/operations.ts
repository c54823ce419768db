/** A2A's operations as gRPC calls them: from the bytes of a request, checked as JSON would be, to the bytes of its answers. */
import {
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import type { ServerCallContext } from '@a2a-js/sdk/server';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { JsonBounds } from '../../platform/count-json.js';
import type { DurableRequestHandler } from '../durable-request-handler.js';
import type { Frame } from '../frame.js';
import { checkedRequest } from '../wire-requests.js';
import { refuseProtoBeyond } from './count-proto.js';
import { encodeJson } from './encode-json.js';
import { operations as schema, type Operation } from './schema.js';

/** Answers an operation for the caller's own `tenant`; throws as the operation does. */
type Carry = (
  handler: DurableRequestHandler,
  context: ServerCallContext,
  tenant: string,
) => Promise<Buffer | AsyncIterable<Frame>>;

/** What a request asks for, once it has been read. */
export interface Asked {
  /** As the request has it. */
  readonly tenant: string;
  readonly carry: Carry;
}

/** Reads a request of `method`. */
type Read = (method: Operation, bytes: Buffer, bounds: JsonBounds) => Asked;

type Operate<Request, Answer> = (
  handler: DurableRequestHandler,
  request: Request,
  context: ServerCallContext,
  /** The request's, where it has been checked already. */
  message: Message | undefined,
) => Promise<Answer>;

/** A message type of the SDK. */
interface JsonWriter<Request> {
  toJSON(request: Request): unknown;
}

interface Codec<Request, Answer> {
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseSerialize: (answer: Answer) => Buffer;
}

function reader<Request extends { readonly tenant: string }>(
  { requestDeserialize }: Pick<Codec<Request, never>, 'requestDeserialize'>,
  type: JsonWriter<Request>,
  carry: Operate<Request, Buffer | AsyncIterable<Frame>>,
): Read {
  return (method, bytes, bounds) => {
    const [name] = schema[method];
    const request = decoded(name, () => {
      refuseProtoBeyond(bytes, name, bounds);
      return requestDeserialize(bytes);
    });
    const checked = checkedRequest({ method, params: type.toJSON(request) });
    return {
      tenant: request.tenant,
      carry: (handler, context, tenant) => carry(handler, { ...request, tenant }, context, checked?.message),
    };
  };
}

/** An operation with one answer. */
function unary<Request extends { readonly tenant: string }, Answer>(
  codec: Codec<Request, Answer>,
  type: JsonWriter<Request>,
  answer: Operate<Request, Answer>,
): Read {
  return reader(codec, type, async (...call) => codec.responseSerialize(await answer(...call)));
}

const readers: Readonly<Record<Operation, Read>> = {
  SendMessage: reader(A2AService.sendMessage, SendMessageRequest, async (handler, request, context, message) =>
    encodeJson('SendMessageResponse', await handler.send(request, context, message)),
  ),
  SendStreamingMessage: reader(
    A2AService.sendStreamingMessage,
    SendMessageRequest,
    (handler, request, context, message) => handler.streamMessage(request, context, message),
  ),
  GetTask: unary(A2AService.getTask, GetTaskRequest, (handler, request, context) => handler.getTask(request, context)),
  ListTasks: unary(A2AService.listTasks, ListTasksRequest, (handler, request, context) =>
    handler.listTasks(request, context),
  ),
  CancelTask: unary(A2AService.cancelTask, CancelTaskRequest, (handler, request, context) =>
    handler.cancelTask(request, context),
  ),
  SubscribeToTask: reader(A2AService.subscribeToTask, SubscribeToTaskRequest, (handler, request, context) =>
    handler.subscribe(request, context),
  ),
  CreateTaskPushNotificationConfig: unary(
    A2AService.createTaskPushNotificationConfig,
    TaskPushNotificationConfig,
    (handler, request, context) => handler.createTaskPushNotificationConfig(request, context),
  ),
  GetTaskPushNotificationConfig: unary(
    A2AService.getTaskPushNotificationConfig,
    GetTaskPushNotificationConfigRequest,
    (handler, request, context) => handler.getTaskPushNotificationConfig(request, context),
  ),
  ListTaskPushNotificationConfigs: unary(
    A2AService.listTaskPushNotificationConfigs,
    ListTaskPushNotificationConfigsRequest,
    (handler, request, context) => handler.listTaskPushNotificationConfigs(request, context),
  ),
  GetExtendedAgentCard: unary(
    A2AService.getExtendedAgentCard,
    GetExtendedAgentCardRequest,
    (handler, request, context) => handler.getAuthenticatedExtendedAgentCard(request, context),
  ),
  DeleteTaskPushNotificationConfig: unary(
    A2AService.deleteTaskPushNotificationConfig,
    DeleteTaskPushNotificationConfigRequest,
    async (handler, request, context) => {
      await handler.deleteTaskPushNotificationConfig(request, context);
      return {};
    },
  ),
};

/** Throws INVALID_ARGUMENT, as the other bindings do, for what is not as it should be. */
export function readRequest(method: Operation, bytes: Buffer, bounds: JsonBounds): Asked {
  return readers[method](method, bytes, bounds);
}

/** What Protocol Buffers can't read is no request; what is refused for its size was said already. */
function decoded<Request>(type: string, read: () => Request): Request {
  try {
    return read();
  } catch (error) {
    if (error instanceof ContinuoError) throw error;
    throw invalidArgument('body', `a well-formed ${type}`);
  }
}
