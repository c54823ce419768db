/** What requests of A2A 0.3 must look like: the SDK's reader stumbles over some nonsense, and takes other for what it isn't. */
import { z } from 'zod';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { wholeText } from '@continuo/agent/internal/platform/ranges.js';

/** Version 0.3 says nothing of the alphabet, nor of padding and lines. */
const base64 = z.string().regex(/^[\w+/\s-]*={0,2}\s*$/, 'expected Base64');
const optionalText = z.string().nullish();
const texts = listOf(z.string()).nullish();
const id = z.string().min(1, 'expected the id of a task');

const part = z.discriminatedUnion(
  'kind',
  [
    z.looseObject({ kind: z.literal('text'), text: z.string() }),
    z.looseObject({
      kind: z.literal('file'),
      file: z.looseObject({ bytes: base64.optional(), uri: z.string().optional() }),
    }),
    z.looseObject({ kind: z.literal('data'), metadata: z.record(z.string(), z.unknown()).optional() }),
  ],
  { error: 'expected text, file or data' },
);

const pushConfig = z.looseObject({
  id: optionalText,
  url: z.string().min(1, 'expected the URL of the receiver'),
  token: optionalText,
  authentication: z.looseObject({ schemes: texts, credentials: optionalText }).nullish(),
});

const sendParams = z.looseObject({
  message: z.looseObject({
    messageId: z.string().min(1),
    contextId: optionalText,
    taskId: optionalText,
    parts: listOf(part, { min: 1 }),
    extensions: texts,
    referenceTaskIds: texts,
  }),
  configuration: z
    .looseObject({
      acceptedOutputModes: texts,
      blocking: z.boolean().nullish(),
      pushNotificationConfig: pushConfig.nullish(),
    })
    .nullish(),
});

const taskParams = z.looseObject({ id });
const pushParams = z.looseObject({ id, pushNotificationConfigId: optionalText });

const methods: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['message/send', sendParams],
  ['message/stream', sendParams],
  ['tasks/get', taskParams],
  ['tasks/cancel', taskParams],
  ['tasks/resubscribe', taskParams],
  ['tasks/pushNotificationConfig/set', z.looseObject({ taskId: id, pushNotificationConfig: pushConfig })],
  ['tasks/pushNotificationConfig/get', pushParams],
  ['tasks/pushNotificationConfig/list', taskParams],
  ['tasks/pushNotificationConfig/delete', pushParams],
]);

/** The params of a method over JSON-RPC; what is no object is refused behind this. Throws INVALID_ARGUMENT. */
export function checkOldParams(method: string, params: unknown): void {
  const schema = methods.get(method);
  if (schema !== undefined && typeof params === 'object' && params !== null) parse(schema, params);
}

const body = z.looseObject({
  message: z
    .looseObject({
      content: listOf(
        z.looseObject({
          text: optionalText,
          file: z.looseObject({ fileWithBytes: base64.nullish(), file_with_bytes: base64.nullish() }).nullish(),
          data: z.looseObject({}).nullish(),
        }),
      ).nullish(),
    })
    .nullish(),
  configuration: z.looseObject({}).nullish(),
});

/** The body of a message over HTTP+JSON, in the names of Protocol Buffers or in those of JSON. Throws INVALID_ARGUMENT. */
export function checkOldBody(sent: unknown): void {
  parse(body, sent ?? {});
}

/** Of a task over HTTP+JSON: the SDK's reader takes of a number what it can make out. */
export const oldQuery = z.object({ historyLength: wholeText().optional() });
