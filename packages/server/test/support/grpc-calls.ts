/** Plain gRPC calls of a server under test, and what clients learn from its reflection. */
import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { decodeErrorInfo, decodeStatus, GRPC_STATUS_DETAILS_BIN } from '@a2a-js/sdk/errors/grpc';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import {
  credentials,
  loadPackageDefinition,
  makeClientConstructor,
  Metadata,
  status as codes,
  type ChannelCredentials,
  type Client,
  type ClientReadableStream,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';
import { at, call } from './http-calls.js';

const A2AClient = makeClientConstructor(A2AService, 'lf.a2a.v1.A2AService');
const TYPES = 'type.googleapis.com/google.rpc.';

/** What a card has of gRPC: where it is, and the tenant that names the agent there. */
export async function grpcOf(serverUrl: string, agent: string): Promise<{ address: string; tenant: string }> {
  const { body } = await call('GET', `${serverUrl}/agents/${agent}/.well-known/agent-card.json`);
  const interfaces = at(body, 'supportedInterfaces') as readonly Record<string, string>[];
  const found = interfaces.find(({ protocolBinding }) => protocolBinding === 'GRPC');
  return { address: found?.url ?? '', tenant: found?.tenant ?? '' };
}

export function grpcClient(address: string, trusted: ChannelCredentials = credentials.createInsecure()): Client {
  return new A2AClient(address, trusted);
}

/** How a call ended: with an answer, or with an error and its details. */
export interface Outcome {
  readonly code: string;
  readonly message: string;
  readonly answer: unknown;
  /** The ErrorInfo. */
  readonly info: unknown;
  /** The field and the description of each violation that its BadRequest has. */
  readonly violations: readonly (readonly [field: string, description: string])[];
  /** The types of all details. */
  readonly details: readonly string[];
  /** What went ahead of the answer. */
  readonly head: Readonly<Record<string, unknown>>;
}

export interface GrpcCallOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
}

function metadataOf(given: Readonly<Record<string, string>> = {}): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(given)) metadata.set(name, value);
  return metadata;
}

type Unary = (
  request: unknown,
  metadata: Metadata,
  options: object,
  done: (error: ServiceError | null, answer: unknown) => void,
) => NodeJS.EventEmitter;

/** Calls a method with one answer, as A2AService of the SDK or a client by reflection names it. */
export function callGrpc(
  client: Client,
  method: string,
  request: unknown,
  { metadata, deadlineMs }: GrpcCallOptions = {},
): Promise<Outcome> {
  const send = (client as unknown as Readonly<Record<string, Unary>>)[method];
  if (send === undefined) throw new Error(`there is no ${method}`);
  const options = deadlineMs === undefined ? {} : { deadline: new Date(Date.now() + deadlineMs) };
  return new Promise((resolve) => {
    let head = {};
    const sent = send.call(client, request, metadataOf(metadata), options, (error, answer) => {
      resolve({ ...(error === null ? succeeded : outcomeOf(error)), answer, head });
    });
    sent.on('metadata', (found: Metadata) => (head = found.getMap()));
  });
}

/** Opens a stream. */
export function streamGrpc(
  client: Client,
  method: string,
  request: unknown,
  metadata?: Readonly<Record<string, string>>,
): ClientReadableStream<unknown> {
  type Open = (request: unknown, metadata: Metadata) => ClientReadableStream<unknown>;
  const open = (client as unknown as Readonly<Record<string, Open>>)[method];
  if (open === undefined) throw new Error(`there is no ${method}`);
  return open.call(client, request, metadataOf(metadata));
}

const succeeded = {
  code: 'OK',
  message: '',
  answer: undefined,
  info: undefined,
  violations: [],
  details: [],
  head: {},
};

export function outcomeOf(error: ServiceError): Outcome {
  const [bytes] = error.metadata.get(GRPC_STATUS_DETAILS_BIN);
  const details = Buffer.isBuffer(bytes) ? decodeStatus(bytes).details : [];
  const named = (type: string) => details.find(({ typeUrl }) => typeUrl === `${TYPES}${type}`)?.value;
  const info = named('ErrorInfo');
  const bad = named('BadRequest');
  return {
    ...succeeded,
    code: codes[error.code],
    message: error.details,
    info: info === undefined ? undefined : decodeErrorInfo(info),
    violations: bad === undefined ? [] : (textsIn(bad).map((violation) => textsIn(violation).map(String)) as never),
    details: details.map(({ typeUrl }) => typeUrl.replace(TYPES, '')),
  };
}

/** The length-delimited fields of a message, in their order. */
function textsIn(message: Uint8Array): Buffer[] {
  const reader = new BinaryReader(message);
  const texts: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.tag();
    texts.push(Buffer.from(reader.bytes()));
  }
  return texts;
}

export interface Reflected {
  readonly services: readonly string[];
  /** A service's client, made of what the server tells of it alone. */
  readonly client: (service: string) => Promise<ServiceClientConstructor>;
}

/** Asks a server what there is to call, as grpcurl does; everything that a file imports must be told, too. */
export async function reflect(address: string, version: 'v1' | 'v1alpha'): Promise<Reflected> {
  const proto = fileURLToPath(
    import.meta.resolve(`@grpc/reflection/build/proto/grpc/reflection/${version}/reflection.proto`),
  );
  const loaded = loadPackageDefinition(loadSync(proto, { keepCase: true, oneofs: true, bytes: Buffer }));
  const Reflection = at(loaded, 'grpc', 'reflection', version, 'ServerReflection') as ServiceClientConstructor;
  const ask = async (question: object): Promise<unknown> => {
    const client = new Reflection(address, credentials.createInsecure());
    const stream = client['ServerReflectionInfo']?.() as unknown as NodeJS.ReadWriteStream & AsyncIterable<unknown>;
    stream.write(question as never);
    try {
      for await (const answer of stream) return answer;
      return undefined;
    } finally {
      stream.end();
      client.close();
    }
  };
  const listed = await ask({ list_services: '*' });
  const services = at(listed, 'list_services_response', 'service') as readonly { readonly name: string }[];
  return {
    services: services.map(({ name }) => name).toSorted(),
    client: async (service) => {
      const told = await ask({ file_containing_symbol: service });
      const files = at(told, 'file_descriptor_response', 'file_descriptor_proto') as readonly Buffer[];
      // What it imports comes behind it, and has to be read before it.
      const file = files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes)).toReversed();
      const set = create(FileDescriptorSetSchema, { file });
      // Throws for a type or a file that is named and not there.
      createFileRegistry(set);
      const bytes = Buffer.from(toBinary(FileDescriptorSetSchema, set));
      const definition = loadFileDescriptorSetFromBuffer(bytes, { enums: String, oneofs: true, longs: Number });
      return at(loadPackageDefinition(definition), ...service.split('.')) as ServiceClientConstructor;
    },
  };
}
