/** gRPC's health service: says what `/readyz` says, to whoever asks and to whoever watches. */
import {
  status as codes,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type sendUnaryData,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Readiness } from '../../platform/readiness.js';
import { closedSignal } from '../../platform/sse.js';

/** How often it is looked for whoever watches. */
const LOOK_MS = 500;

type Status = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

interface Request {
  readonly service: string;
}

interface Answer {
  readonly status: Status;
}

interface Statuses {
  readonly statuses: Readonly<Record<string, Answer>>;
}

export interface HealthParts {
  /** Those that are known by name; the empty name is the server as a whole. */
  readonly services: readonly string[];
  readonly readiness: Readiness;
  readonly clock: Clock;
}

export function addHealth(server: Server, { services, readiness, clock }: HealthParts): void {
  const known = ['', ...services];
  const now = (): Promise<Status> =>
    readiness.check().then(
      () => 'SERVING',
      () => 'NOT_SERVING',
    );
  const statusOf = (name: string, look = now): Promise<Status> | Status =>
    known.includes(name) ? look() : 'SERVICE_UNKNOWN';
  let looked: Promise<Status> | undefined;
  /** Looked for once for all who watch; that the server stops is known without. */
  const lately = (): Promise<Status> => {
    if (readiness.isDraining) return now();
    if (looked === undefined) {
      looked = now();
      void clock.sleep(LOOK_MS).then(() => (looked = undefined));
    }
    return looked;
  };

  const check = async (
    { request }: ServerUnaryCall<Request, Answer>,
    callback: sendUnaryData<Answer>,
  ): Promise<void> => {
    const status = await statusOf(request.service);
    if (status !== 'SERVICE_UNKNOWN') callback(null, { status });
    else callback({ code: codes.NOT_FOUND, details: `There is no service ${request.service} here.` });
  };
  const list = async (callback: sendUnaryData<Statuses>): Promise<void> => {
    const status = await now();
    callback(null, { statuses: Object.fromEntries(known.map((name) => [name, { status }])) });
  };
  const watch = async (call: ServerWritableStream<Request, Answer>): Promise<void> => {
    const signal = closedSignal(call);
    let told: Status | undefined;
    while (!signal.aborted) {
      const status = await statusOf(call.request.service, lately);
      if (status !== told && !signal.aborted) call.write({ status });
      told = status;
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  };
  server.addService(service, {
    check: ((call, callback) => void check(call, callback)) satisfies handleUnaryCall<Request, Answer>,
    list: ((_call, callback) => void list(callback)) satisfies handleUnaryCall<object, Statuses>,
    watch: ((call) => void watch(call)) satisfies handleServerStreamingCall<Request, Answer>,
  });
}
