/** gRPC's reflection, v1 and v1alpha: clients such as grpcurl learn from it what there is to call, and how. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, type DescriptorProto, type FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath } from 'grpc-health-check';
import { fileDescriptors } from './descriptors.js';

export function addReflection(server: Server): void {
  const files = [...fileDescriptors(), ...healthFiles()].map((file) => Buffer.from(file));
  const told = { files: { format: '', type: {}, fileDescriptorProtos: files } };
  new ReflectionService(told as ReturnType<typeof loadSync>).addToServer(server);
}

/** The loader names some types in part only, which many clients don't look for. */
function healthFiles(): readonly Uint8Array[] {
  const [definition] = Object.values(loadSync(protoPath));
  const files: unknown = definition !== undefined && Reflect.get(definition, 'fileDescriptorProtos');
  return (files as readonly Buffer[]).map((bytes) => {
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    nameInFull(file);
    return toBinary(FileDescriptorProtoSchema, file);
  });
}

function nameInFull(file: FileDescriptorProto): void {
  const scope = `.${file.package}`;
  const known = new Set(file.messageType.flatMap((message) => namesIn(message, scope)));
  const name = (message: DescriptorProto, path: string): void => {
    const scopes = path.split('.').map((_, index, all) => all.slice(0, all.length - index).join('.'));
    for (const field of message.field) {
      const found = scopes.map((outer) => `${outer}.${field.typeName}`).find((full) => known.has(full));
      if (field.typeName !== '' && found !== undefined) field.typeName = found;
    }
    for (const inner of message.nestedType) name(inner, `${path}.${inner.name}`);
  };
  for (const message of file.messageType) name(message, `${scope}.${message.name}`);
}

function namesIn(message: DescriptorProto, scope: string): readonly string[] {
  const path = `${scope}.${message.name}`;
  const enums = message.enumType.map(({ name }) => `${path}.${name}`);
  return [path, ...enums, ...message.nestedType.flatMap((inner) => namesIn(inner, path))];
}
