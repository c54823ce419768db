/** A2A's gRPC service: a call is read, finds its agent, and is answered by that agent's handler with a message or a stream. */
import { Extensions } from '@a2a-js/sdk';
import { A2AError } from '@a2a-js/sdk/errors';
import { ServerCallContext } from '@a2a-js/sdk/server';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { Metadata, status as codes, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { refuseOtherAgents, type Door } from '../../auth/door.js';
import { callerOf, principalOf, unauthenticated } from '../../auth/principal.js';
import { boundsOf, type BodyLimits } from '../../platform/json-body.js';
import { httpErrors } from '../../platform/http-errors.js';
import type { Log } from '../../platform/log.js';
import { requestId, stopwatch } from '../../platform/request-log.js';
import { toContinuoError } from '../../platform/to-continuo-error.js';
import type { AgentHandlers } from '../agent-handlers.js';
import { refuseVersion } from '../call-context.js';
import { methodScopes } from '../method-scopes.js';
import { addressedBy } from './agent-of-call.js';
import { toGrpcStatus } from './grpc-errors.js';
import { GrpcUser, headersIn, type Call } from './grpc-user.js';
import { readRequest } from './operations.js';
import { isOperation, type Operation } from './schema.js';
import { sendFrames, type SendingOptions } from './send-frames.js';
import { tracedCall } from './traced-call.js';

export interface A2AServiceParts extends SendingOptions, Pick<BodyLimits, 'bodyLimitValues'> {
  readonly registry: AgentRegistry;
  readonly handlers: AgentHandlers;
  readonly door: Door;
  /** Where this server is reached over HTTP by a client that calls this host by gRPC. */
  readonly httpAddress: (host: string) => string;
  readonly log: Log;
}

/** Failures of the server, by the conventions of OpenTelemetry. */
const ofTheServer: readonly number[] = [codes.UNKNOWN, codes.INTERNAL, codes.UNAVAILABLE, codes.DATA_LOSS];

interface Service {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** How many calls wait for their answer, streams left out. */
  readonly waiting: () => number;
}

/** To grpc-js every answer is a stream, of one message or more: on the wire it is the same, and there is one way of sending. */
export function a2aService(parts: A2AServiceParts): Service {
  const asItIs = (bytes: Buffer): Buffer => bytes;
  const asBytes = { responseStream: true, requestDeserialize: asItIs, responseSerialize: asItIs };
  const definition: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  let waiting = 0;
  for (const [name, method] of Object.entries(A2AService)) {
    const operation = method.path.slice(method.path.lastIndexOf('/') + 1);
    if (!isOperation(operation)) continue;
    definition[name] = { ...method, ...asBytes } as ServiceDefinition[string];
    implementation[name] = (call: Call) => {
      if (!method.responseStream) {
        waiting += 1;
        call.once('close', () => (waiting -= 1));
      }
      tracedCall(operation, call, () => void serve(parts, operation, call));
    };
  }
  return { definition, implementation, waiting: () => waiting };
}

async function serve(parts: A2AServiceParts, operation: Operation, call: Call): Promise<void> {
  const { log } = parts;
  const elapsed = stopwatch();
  const header = headersIn(call.metadata);
  const id = requestId(header('x-request-id'));
  const head = new Metadata();
  head.set('x-request-id', id);
  const toLine = () => ({ req: { id, method: operation }, responseTime: Math.round(elapsed()) });
  call.once('close', () => {
    if (log.isLevelEnabled('debug')) log.debug(toLine(), call.cancelled ? 'call aborted' : 'call completed');
  });
  try {
    parts.door.watch(header, closable(call));
    await answer(parts, { operation, call, head });
  } catch (error) {
    // What an operation has thrown it has logged, too.
    const isNews = !(error instanceof A2AError) && httpErrors[toContinuoError(error).code].http === 500;
    if (isNews) log.error({ ...toLine(), err: error }, 'a call failed');
    refuse(call, error, id);
  }
}

async function answer(
  { registry, handlers, httpAddress, bodyLimitValues, ...sending }: A2AServiceParts,
  { operation, call, head }: { readonly operation: Operation; readonly call: Call; readonly head: Metadata },
): Promise<void> {
  const { metadata } = call;
  const header = headersIn(metadata);
  const principal = principalOf(metadata);
  const scope = methodScopes.get(operation) ?? 'write';
  callerOf(metadata, scope);
  const version = header('a2a-version');
  refuseVersion(version);
  const asked = readRequest(operation, call.request, boundsOf({ bodyLimitValues }));
  const { agent, tenant } = addressedBy(asked.tenant, header);
  refuseOtherAgents(principal, agent);
  const caller = callerOf(metadata, scope, tenant);
  // Says that there is none.
  if (!(await handlers.serves(agent, caller))) registry.get(agent);
  const user = new GrpcUser({ principal, metadata, answer: call, head, address: httpAddress(call.getHost()) });
  const requestedExtensions = Extensions.parseServiceParameter(header('a2a-extensions'));
  const context = new ServerCallContext({ requestedExtensions, user, requestedVersion: version });
  const answered = await asked.carry(handlers.of(agent), context, tenant);
  if (call.destroyed) return;
  call.sendMetadata(head);
  if (Buffer.isBuffer(answered)) call.write(answered);
  else await sendFrames(call, answered, sending);
  call.end();
}

/** Ends the call with the error, also one that is being answered: its client goes on behind what it has seen. */
function refuse(call: Call, error: unknown, id?: string): void {
  if (call.destroyed) return;
  const status = toGrpcStatus(error);
  const traces = tracing();
  traces?.note({ 'rpc.response.status_code': String(status.code) });
  if (ofTheServer.includes(status.code)) traces?.fail(error);
  if (id !== undefined) status.metadata.set('x-request-id', id);
  call.emit('error', status);
}

/** A call that may be broken off because its credentials hold no more. */
function closable(call: Call) {
  return {
    get destroyed() {
      return call.destroyed;
    },
    once: (event: 'close', listener: () => void) => call.once(event, listener),
    off: (event: 'close', listener: () => void) => call.off(event, listener),
    destroy: () => refuse(call, unauthenticated('The credentials of this call hold no more.')),
  };
}
