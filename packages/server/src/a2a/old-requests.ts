/** What requests of A2A 0.3 over JSON-RPC must look like: the SDK's reader stumbles over some nonsense, and takes other for what it isn't. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { historyLength } from '@continuo/agent/internal/platform/ranges.js';

/** Version 0.3 says nothing of the alphabet, nor of padding and lines. */
export const base64 = z.string().regex(/^[\w+/\s-]*(?:={1,2}\s*)?$/, 'expected Base64');
export const optionalText = z.string().optional();
const texts = listOf(z.string()).optional();
export const metadata = z.record(z.string(), z.unknown(), 'expected an object').optional();
const id = z.string().min(1, 'expected the id of a task');
const receiver = z.string('expected the URL of the receiver').min(1, 'expected the URL of the receiver');

const file = z
  .looseObject({ bytes: base64.optional(), uri: optionalText, name: optionalText, mimeType: optionalText })
  .refine(({ bytes, uri }) => (bytes === undefined) !== (uri === undefined), 'expected either bytes or uri');

const part = z.discriminatedUnion(
  'kind',
  [
    z.looseObject({ kind: z.literal('text'), text: z.string(), metadata }),
    z.looseObject({ kind: z.literal('file'), file, metadata }),
    z.looseObject({ kind: z.literal('data'), metadata }),
  ],
  { error: 'expected text, file or data' },
);

const authentication = z.looseObject({ schemes: texts, credentials: optionalText });

/** Of the schemes the first is used; credentials need one. */
export const oldPushConfig = z
  .looseObject({ id: optionalText, url: receiver, token: optionalText, authentication: authentication.optional() })
  .refine(({ authentication: given }) => given?.credentials === undefined || (given.schemes ?? []).length > 0, {
    path: ['authentication', 'schemes'],
    error: 'expected the scheme of the credentials',
  })
  .transform(({ authentication: given, ...others }) => {
    return { ...others, ...((given?.schemes ?? []).length > 0 && { authentication: given }) };
  });

/** What messages and configurations have over both bindings. */
export const ofMessage = z.looseObject({
  messageId: z.string().min(1),
  contextId: optionalText,
  taskId: optionalText,
  metadata,
  extensions: texts,
});
export const ofConfiguration = z.looseObject({
  acceptedOutputModes: texts,
  historyLength: historyLength.optional(),
});

const sendParams = z.looseObject({
  message: ofMessage.extend({
    role: z.enum(['user', 'agent'], 'expected user or agent'),
    parts: listOf(part, { min: 1 }),
    referenceTaskIds: texts,
  }),
  configuration: ofConfiguration
    .extend({
      // As without a configuration, and as servers of 0.3 have it.
      blocking: z.boolean().default(true),
      pushNotificationConfig: oldPushConfig.optional(),
    })
    .optional(),
  metadata,
});

const taskParams = z.looseObject({ id, metadata });
const pushParams = taskParams.extend({ pushNotificationConfigId: optionalText });

const methods: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['message/send', sendParams],
  ['message/stream', sendParams],
  ['tasks/get', taskParams.extend({ historyLength: historyLength.optional() })],
  ['tasks/cancel', taskParams],
  ['tasks/resubscribe', taskParams],
  ['tasks/pushNotificationConfig/set', z.looseObject({ taskId: id, pushNotificationConfig: oldPushConfig })],
  ['tasks/pushNotificationConfig/get', pushParams],
  ['tasks/pushNotificationConfig/list', taskParams],
  ['tasks/pushNotificationConfig/delete', taskParams.extend({ pushNotificationConfigId: z.string().min(1) })],
]);

/** The params of a method as the SDK reads them. Throws INVALID_ARGUMENT. */
export function readOldParams(method: string, params: unknown): unknown {
  const schema = methods.get(method);
  if (schema === undefined) return params;
  if (!isObject(params)) throw invalidArgument('params', 'an object');
  return parse(schema, withoutNulls(params));
}

/** Values of any kind, which are kept as they are. */
const ANYTHING: ReadonlySet<string> = new Set(['data', 'metadata']);

/** Many clients write null for what isn't there. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, inner]) => inner !== null || name === 'data');
  return Object.fromEntries(kept.map(([name, inner]) => [name, ANYTHING.has(name) ? inner : withoutNulls(inner)]));
}
