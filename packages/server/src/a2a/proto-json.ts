/** Requests as ProtoJSON allows them to be written, brought into the one spelling in which they are checked and read. */
import { Role, TaskState } from '@a2a-js/sdk';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';

/** Of a field: nothing to do, a number that may come as text, bytes, the numbers of an enum, a message, or a list of them. */
type Field = 'as it is' | 'number' | 'bytes' | Readonly<Record<number, string>> | Shape | readonly [Shape];

export class Shape {
  readonly fields: ReadonlyMap<string, Field>;

  constructor(fields: Readonly<Record<string, Field>>) {
    this.fields = new Map(Object.entries(fields));
  }
}

const plain = (...names: readonly string[]): Readonly<Record<string, 'as it is'>> =>
  Object.fromEntries(names.map((name) => [name, 'as it is' as const]));

const part = new Shape({ ...plain('text', 'url', 'data', 'metadata', 'filename', 'mediaType'), raw: 'bytes' });
const message = new Shape({
  ...plain('messageId', 'contextId', 'taskId', 'metadata', 'extensions', 'referenceTaskIds'),
  role: Role,
  parts: [part],
});
const authentication = new Shape(plain('scheme', 'credentials'));
const pushConfig = new Shape({ ...plain('tenant', 'id', 'taskId', 'url', 'token'), authentication });
const configuration = new Shape({
  ...plain('acceptedOutputModes', 'returnImmediately'),
  historyLength: 'number',
  ifGenerationMatch: 'number',
  taskPushNotificationConfig: pushConfig,
});

const ofTask = new Shape({
  ...plain('tenant', 'id', 'metadata'),
  historyLength: 'number',
  currentGeneration: 'number',
});
const ofPushConfigs = new Shape({ ...plain('tenant', 'taskId', 'id', 'pageToken'), pageSize: 'number' });

export const sendShape = new Shape({ ...plain('tenant', 'metadata'), message, configuration });
export const pushShape = pushConfig;

/** The parameters of A2A's methods. */
export const shapes: ReadonlyMap<string, Shape> = new Map([
  ['SendMessage', sendShape],
  ['SendStreamingMessage', sendShape],
  ['GetTask', ofTask],
  ['CancelTask', ofTask],
  ['SubscribeToTask', ofTask],
  [
    'ListTasks',
    new Shape({
      ...plain('tenant', 'contextId', 'pageToken', 'statusTimestampAfter', 'includeArtifacts'),
      status: TaskState,
      pageSize: 'number',
      historyLength: 'number',
    }),
  ],
  ['CreateTaskPushNotificationConfig', pushShape],
  ['GetTaskPushNotificationConfig', ofPushConfigs],
  ['ListTaskPushNotificationConfigs', ofPushConfigs],
  ['DeleteTaskPushNotificationConfig', ofPushConfigs],
]);

/**
 * `value` with its fields in camelCase, enums by name, numbers as numbers, and bytes in Base64 as RFC 4648 has it first; the
 * same object where it is so already. What is no such message is left to whoever checks it. Throws INVALID_ARGUMENT for a
 * field that comes in both spellings.
 */
export function fromProtoJson(shape: Shape, value: unknown, path = ''): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  let changed: Record<string, unknown> | undefined;
  const entries = Object.entries(value);
  for (const [key, given] of entries) {
    const name = shape.fields.has(key) ? key : camelCase(key);
    const field = shape.fields.get(name);
    if (field === undefined) continue;
    const at = path === '' ? name : `${path}.${name}`;
    if (name !== key && name in value) throw invalidArgument(at, `${name} or ${key}, not both`);
    const read = readField(field, given, at);
    if (read === given && name === key) continue;
    changed ??= { ...value };
    if (name !== key) delete changed[key];
    changed[name] = read;
  }
  return changed ?? value;
}

function readField(field: Field, given: unknown, path: string): unknown {
  if (field === 'as it is') return given;
  if (field === 'number') return typeof given === 'string' && /^-?\d{1,15}$/.test(given) ? Number(given) : given;
  if (field === 'bytes') return typeof given === 'string' ? base64(given) : given;
  if (field instanceof Shape) return fromProtoJson(field, given, path);
  if (isList(field)) return readList(field[0], given, path);
  return typeof given === 'number' ? (field[given] ?? given) : given;
}

function readList(shape: Shape, given: unknown, path: string): unknown {
  if (!Array.isArray(given)) return given;
  const members: readonly unknown[] = given;
  const read = members.map((member, index) => fromProtoJson(shape, member, `${path}[${index}]`));
  return read.every((member, index) => member === members[index]) ? given : read;
}

function isList(field: Field): field is readonly [Shape] {
  return Array.isArray(field);
}

/** Of a field's name in Protocol Buffers. */
export function camelCase(key: string): string {
  return key.includes('_') ? key.replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key;
}

/** Readers of ProtoJSON take the alphabet of URLs as well, and do without padding. */
function base64(text: string): string {
  if (text.length % 4 === 0 && !/[-_]/.test(text)) return text;
  const bare = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return bare.length % 4 === 1 ? text : bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
}
