/** Errors of A2A as each binding has them (section 5.4), and a refusal as a client learns of it. */

/** By the specification's names; the two at the end are standard errors of the bindings. */
export const errors = {
  TaskNotFoundError: { JSONRPC: -32_001, GRPC: 'NOT_FOUND', 'HTTP+JSON': 404, reason: 'TASK_NOT_FOUND' },
  TaskNotCancelableError: {
    JSONRPC: -32_002,
    GRPC: 'FAILED_PRECONDITION',
    'HTTP+JSON': 400,
    reason: 'TASK_NOT_CANCELABLE',
  },
  PushNotificationNotSupportedError: {
    JSONRPC: -32_003,
    GRPC: 'FAILED_PRECONDITION',
    'HTTP+JSON': 400,
    reason: 'PUSH_NOTIFICATION_NOT_SUPPORTED',
  },
  UnsupportedOperationError: {
    JSONRPC: -32_004,
    GRPC: 'FAILED_PRECONDITION',
    'HTTP+JSON': 400,
    reason: 'UNSUPPORTED_OPERATION',
  },
  ContentTypeNotSupportedError: {
    JSONRPC: -32_005,
    GRPC: 'INVALID_ARGUMENT',
    'HTTP+JSON': 400,
    reason: 'CONTENT_TYPE_NOT_SUPPORTED',
  },
  ExtensionSupportRequiredError: {
    JSONRPC: -32_008,
    GRPC: 'FAILED_PRECONDITION',
    'HTTP+JSON': 400,
    reason: 'EXTENSION_SUPPORT_REQUIRED',
  },
  VersionNotSupportedError: {
    JSONRPC: -32_009,
    GRPC: 'FAILED_PRECONDITION',
    'HTTP+JSON': 400,
    reason: 'VERSION_NOT_SUPPORTED',
  },
  InvalidParams: { JSONRPC: -32_602, GRPC: 'INVALID_ARGUMENT', 'HTTP+JSON': 400 },
};

/** What a server answered instead of what it was asked for. */
export class Fault extends Error {
  /**
   * `code`: as the binding has it, a number of JSON-RPC, a status of HTTP, or the name of a status of gRPC. `details`: each
   * with its `@type`. `head` looks up what went ahead of the answer, `body` is the whole answer where it is JSON.
   */
  constructor({ code, message, details = [], status, head = () => undefined, body }) {
    super(`${code}: ${message}`);
    this.code = code;
    this.said = message;
    this.details = details;
    this.status = status;
    this.head = head;
    this.body = body;
  }

  detail(type) {
    return this.details.find((detail) => detail?.['@type'] === `type.googleapis.com/google.rpc.${type}`);
  }

  /** Of its ErrorInfo. */
  get reason() {
    return this.detail('ErrorInfo')?.reason;
  }
}
