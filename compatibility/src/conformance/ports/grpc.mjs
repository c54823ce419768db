/** A2A over gRPC (section 10), in the JSON that ProtoJSON makes of its messages. */
import { credentials, makeClientConstructor, Metadata, status as codes } from '@grpc/grpc-js';
import {
  AgentCard,
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from 'a2a-sdk-1.3';
import { A2AService } from 'a2a-sdk-1.3/server/grpc';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { Fault } from './fault.mjs';
import { PATIENCE_MS } from './http.mjs';

const A2AClient = makeClientConstructor(A2AService, 'lf.a2a.v1.A2AService');
const nothing = { toJSON: () => ({}) };

const messages = {
  // A SendMessageResponse has two of the four members of a StreamResponse.
  SendMessage: [SendMessageRequest, StreamResponse],
  SendStreamingMessage: [SendMessageRequest, StreamResponse],
  GetTask: [GetTaskRequest, Task],
  ListTasks: [ListTasksRequest, ListTasksResponse],
  CancelTask: [CancelTaskRequest, Task],
  SubscribeToTask: [SubscribeToTaskRequest, StreamResponse],
  CreateTaskPushNotificationConfig: [TaskPushNotificationConfig, TaskPushNotificationConfig],
  GetTaskPushNotificationConfig: [GetTaskPushNotificationConfigRequest, TaskPushNotificationConfig],
  ListTaskPushNotificationConfigs: [ListTaskPushNotificationConfigsRequest, ListTaskPushNotificationConfigsResponse],
  DeleteTaskPushNotificationConfig: [DeleteTaskPushNotificationConfigRequest, nothing],
  GetExtendedAgentCard: [GetExtendedAgentCardRequest, AgentCard],
};

/** `url`: `host:port`, as cards have it. */
export function grpcPort({ url, tenant = '', headers: own, trusted = credentials.createInsecure() }) {
  const client = new A2AClient(url.replace(/^\w+:\/\//, ''), trusted);
  const metadataOf = (headers) => {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries({ 'a2a-version': '1.0', ...own, ...headers })) {
      if (value !== undefined) metadata.set(name, value);
    }
    return metadata;
  };
  const asked = (operation, params = {}) => {
    const request = messages[operation][0].fromJSON({ tenant, ...params });
    // The SDK's reader takes `{ data: null }` for a part with nothing in it.
    params.message?.parts?.forEach(({ data }, index) => {
      if (data === null) request.message.parts[index].content = { $case: 'data', value: null };
    });
    return request;
  };
  const methodOf = (operation) => client[operation[0].toLowerCase() + operation.slice(1)];
  const patience = () => ({ deadline: new Date(Date.now() + PATIENCE_MS) });
  const listen = (call, { onHead }) => {
    if (onHead) call.on('metadata', (metadata) => onHead((name) => metadata.get(name)[0]));
  };
  return {
    binding: 'GRPC',
    call(operation, params, options = {}) {
      return new Promise((resolve, reject) => {
        const request = asked(operation, params);
        const call = methodOf(operation).call(
          client,
          request,
          metadataOf(options.headers),
          patience(),
          (error, answer) => {
            if (error) reject(faultOf(error));
            else resolve(messages[operation][1].toJSON(answer));
          },
        );
        listen(call, options);
      });
    },
    async *stream(operation, params, options = {}) {
      const call = methodOf(operation).call(client, asked(operation, params), metadataOf(options.headers), patience());
      listen(call, options);
      options.signal?.addEventListener('abort', () => call.cancel());
      try {
        for await (const answer of call) yield messages[operation][1].toJSON(answer);
      } catch (error) {
        throw error.metadata === undefined ? error : faultOf(error);
      } finally {
        call.cancel();
      }
    },
    close: () => client.close(),
  };
}

function faultOf({ code, details: message, metadata }) {
  const [status] = metadata.get('grpc-status-details-bin');
  const head = (name) => metadata.get(name)[0];
  return new Fault({ code: codes[code], message, details: status === undefined ? [] : detailsOf(status), head });
}

/** The fields of a message of Protocol Buffers that have a length, by number. */
function fieldsOf(bytes) {
  const reader = new BinaryReader(bytes);
  const fields = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) fields.push([number, reader.bytes()]);
    else reader.skip(type);
  }
  return fields;
}

const text = (bytes) => Buffer.from(bytes).toString('utf8');
const all = (fields, wanted) => fields.filter(([number]) => number === wanted).map(([, bytes]) => bytes);
const textAt = (fields, wanted) => all(fields, wanted).map(text)[0] ?? '';

/** The details of a google.rpc.Status, as ProtoJSON has an Any. */
function detailsOf(status) {
  return all(fieldsOf(status), 3).map((any) => {
    const fields = fieldsOf(any);
    const type = textAt(fields, 1);
    const inner = fieldsOf(all(fields, 2)[0] ?? new Uint8Array());
    if (type.endsWith('.ErrorInfo')) return { '@type': type, reason: textAt(inner, 1), domain: textAt(inner, 2) };
    if (!type.endsWith('.BadRequest')) return { '@type': type };
    const fieldViolations = all(inner, 1).map((violation) => {
      const found = fieldsOf(violation);
      return { field: textAt(found, 1), description: textAt(found, 2) };
    });
    return { '@type': type, fieldViolations };
  });
}
