/** What reflection tells of A2A's service: its file as a descriptor of Protocol Buffers, and those that it imports. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  file_google_protobuf_empty,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { camelCase } from '../../platform/proto-json.js';
import { enums, messages, operations, type Field } from './schema.js';

const PACKAGE = 'lf.a2a.v1';
export const A2A_SERVICE = `${PACKAGE}.A2AService`;

const scalars: Readonly<Record<string, Type>> = {
  string: Type.STRING,
  bytes: Type.BYTES,
  bool: Type.BOOL,
  int32: Type.INT32,
};

/** As bytes, each before those that import it. */
export function fileDescriptors(): readonly Uint8Array[] {
  const imports = [file_google_protobuf_empty, file_google_protobuf_struct, file_google_protobuf_timestamp];
  const files = [...imports.map(({ proto }) => proto), a2aFile(imports.map(({ proto }) => proto.name))];
  return files.map((file) => toBinary(FileDescriptorProtoSchema, file));
}

function a2aFile(dependency: string[]): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: 'lf/a2a/v1/a2a.proto',
    package: PACKAGE,
    syntax: 'proto3',
    dependency,
    messageType: [...messages].map(([name, fields]) => messageOf(name, fields)),
    enumType: Object.entries(enums).map(([name, values]) => ({
      name,
      value: values.map((value, number) => ({ name: value, number })),
    })),
    service: [
      {
        name: 'A2AService',
        method: Object.entries(operations).map(([name, [request, response, streams]]) => ({
          name,
          inputType: fullName(request),
          outputType: fullName(response),
          serverStreaming: streams === 'stream',
        })),
      },
    ],
  });
}

function messageOf(name: string, fields: readonly Field[]) {
  const oneofs = [...new Set(fields.flatMap(({ oneof }) => oneof ?? []))];
  // Optional fields are, each by itself, one of one; those come behind the real ones.
  const optional = fields.filter(({ kind }) => kind === 'optional').map((field) => `_${field.name}`);
  const all = [...oneofs, ...optional];
  return {
    name,
    oneofDecl: all.map((oneof) => ({ name: oneof })),
    field: fields.map((field) => {
      const oneof = field.oneof ?? (field.kind === 'optional' ? `_${field.name}` : undefined);
      return {
        ...(field.kind === 'map' ? entryRef(name, field) : typed(field.type)),
        name: field.name,
        jsonName: camelCase(field.name),
        number: field.number,
        label: field.kind === 'repeated' || field.kind === 'map' ? Label.REPEATED : Label.OPTIONAL,
        ...(oneof === undefined ? {} : { oneofIndex: all.indexOf(oneof) }),
        ...(field.kind === 'optional' ? { proto3Optional: true } : {}),
      };
    }),
    nestedType: fields
      .filter(({ kind }) => kind === 'map')
      .map((field) => ({
        name: entryName(field),
        options: { mapEntry: true },
        field: [
          { name: 'key', jsonName: 'key', number: 1, label: Label.OPTIONAL, type: Type.STRING },
          { name: 'value', jsonName: 'value', number: 2, label: Label.OPTIONAL, ...typed(field.type) },
        ],
      })),
  };
}

function typed(type: string): { readonly type: Type; readonly typeName?: string } {
  const scalar = scalars[type];
  if (scalar !== undefined) return { type: scalar };
  return { type: type in enums ? Type.ENUM : Type.MESSAGE, typeName: fullName(type) };
}

function fullName(type: string): string {
  return type in enums || messages.has(type) ? `.${PACKAGE}.${type}` : `.google.protobuf.${type}`;
}

function entryRef(message: string, field: Field) {
  return { type: Type.MESSAGE, typeName: `${fullName(message)}.${entryName(field)}` };
}

function entryName({ name }: Field): string {
  const camel = camelCase(name);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`;
}
