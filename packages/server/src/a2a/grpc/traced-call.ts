/** A call over gRPC as a span, which continues the trace of its caller. */
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { headersIn, type Call } from './grpc-user.js';

const SERVICE = 'lf.a2a.v1.A2AService';

/** `serve` answers the call, whose span ends with it. */
export function tracedCall(operation: string, call: Call, serve: () => void): void {
  const header = headersIn(call.metadata);
  const method = `${SERVICE}/${operation}`;
  const attributes = {
    'rpc.system.name': 'grpc',
    'rpc.method': method,
    'a2a.method.name': operation,
    'a2a.protocol.binding': 'GRPC',
  };
  const span = tracing()?.request({ name: method, kind: 'server', attributes }, header);
  if (span === undefined) {
    serve();
    return;
  }
  call.once('close', () => span.end());
  span.within(serve);
}
