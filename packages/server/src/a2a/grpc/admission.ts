/** The door of calls over gRPC: who makes one is known before its request is read, which has to arrive in time. */
import { ServerInterceptingCall, status as codes, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Door } from '../../auth/door.js';
import { admit, unauthenticated } from '../../auth/principal.js';
import type { Recorders } from '../../platform/metrics/metrics.js';
import { countedCall } from './call-metrics.js';
import { toGrpcStatus } from './grpc-errors.js';
import { framed } from './framed.js';
import { headersIn } from './grpc-user.js';

/** Sends messages of an answer together; `sent` is called when the client's window and the connection have taken them. */
type SendMessages = (messages: readonly Buffer[], sent: () => void) => void;

const senders = new WeakMap<Metadata, SendMessages>();

/** For calls that were let in, by their metadata; what is written to the call itself waits, each for the one before. */
export function senderOf(metadata: Metadata): SendMessages {
  const send = senders.get(metadata);
  if (send === undefined) throw unauthenticated('This needs credentials.');
  return send;
}

/**
 * An interceptor of all calls whose path begins with `guarded`; the others, health and reflection, are for everybody.
 * Clients have `requestTimeoutMs` to send the whole request. `record` counts what became of it.
 */
export function admission(
  { door, record }: { readonly door: Door; readonly record: Recorders },
  guarded: string,
  requestTimeoutMs: number,
): ServerInterceptor {
  return ({ path }, call) => {
    if (!path.startsWith(guarded)) return new ServerInterceptingCall(call);
    const isOver = countedCall(record, path.slice(guarded.length));
    const refuse = (error: unknown): void => {
      const status = toGrpcStatus(error);
      isOver(status.code);
      call.sendStatus(status);
    };
    const late = setTimeout(() => {
      refuse(new ContinuoError('REQUEST_TIMEOUT', 'The request did not arrive in time.'));
    }, requestTimeoutMs).unref();
    const letIn = async (metadata: Metadata, next: (metadata: Metadata) => void): Promise<void> => {
      try {
        admit(metadata, await door.admit(headersIn(metadata)));
        senders.set(metadata, (messages, sent) => call.sendMessage(framed(messages), sent));
      } catch (error) {
        clearTimeout(late);
        refuse(error);
        return;
      }
      next(metadata);
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, go) => void letIn(metadata, go),
          onReceiveHalfClose: (go) => {
            clearTimeout(late);
            go();
          },
          onCancel: () => {
            clearTimeout(late);
            isOver(codes.CANCELLED);
          },
        }),
      sendStatus: (status, next) => {
        isOver(status.code ?? codes.OK);
        next(status);
      },
    });
  };
}
