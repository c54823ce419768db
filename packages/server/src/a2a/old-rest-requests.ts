/** What requests of A2A 0.3 over HTTP+JSON must look like; the SDK answers them, in the spelling that it reads. */
import { Role, type Message } from '@a2a-js/sdk';
import type { Request } from 'express';
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { wholeText } from '@continuo/agent/internal/platform/ranges.js';
import {
  base64,
  metadata,
  ofConfiguration,
  ofMessage,
  oldPushConfig,
  optionalText,
  withoutNulls,
} from './old-requests.js';
import { fromProtoJson, plain, Shape } from '../platform/proto-json.js';
import { sdkParts } from '../tasks/sdk-objects.js';

const pushShape = new Shape({
  ...plain('id', 'url', 'token'),
  authentication: new Shape(plain('schemes', 'credentials')),
});
const messageShape = new Shape({
  ...plain('messageId', 'contextId', 'taskId', 'metadata', 'extensions'),
  role: Role,
  content: [
    new Shape({
      ...plain('text', 'data', 'metadata'),
      file: new Shape(plain('fileWithBytes', 'fileWithUri', 'mimeType', 'name')),
    }),
  ],
});
const sendShape = new Shape({
  ...plain('metadata'),
  message: messageShape,
  request: messageShape,
  configuration: new Shape({
    ...plain('acceptedOutputModes', 'blocking'),
    historyLength: 'number',
    pushNotification: pushShape,
  }),
});

const configShape = new Shape({ ...plain('name', 'configId', 'config'), pushNotificationConfig: pushShape });

const partFields = z.looseObject({
  text: optionalText,
  file: z
    .looseObject({
      fileWithBytes: base64.optional(),
      fileWithUri: optionalText,
      mimeType: optionalText,
      name: optionalText,
    })
    .refine(
      ({ fileWithBytes: bytes, fileWithUri: uri }) => (bytes === undefined) !== (uri === undefined),
      'expected either fileWithBytes or fileWithUri',
    )
    .optional(),
  data: z.looseObject({}).optional(),
  metadata,
});

const contentFields = ['text', 'file', 'data'] as const;

/** Those that have a value; a text that is empty counts where there is nothing else. */
function contentIn(given: z.output<typeof partFields>): readonly (typeof contentFields)[number][] {
  const set = contentFields.filter((name) => given[name] !== undefined);
  const full = set.filter((name) => given[name] !== '');
  return full.length > 0 ? full : set;
}

/** The reader behind it takes the first content of a part for all of it. */
const part = partFields
  .refine((given) => contentIn(given).length === 1, 'expected exactly one of text, file, data')
  .transform((given) => {
    const { text: _text, ...others } = given;
    return contentIn(given).includes('text') ? given : others;
  });

const sendBody = z.looseObject({
  message: ofMessage.extend({
    role: z.enum(['ROLE_USER', 'ROLE_AGENT'], 'expected ROLE_USER or ROLE_AGENT'),
    content: listOf(part, { min: 1 }),
  }),
  configuration: ofConfiguration
    .extend({ blocking: z.boolean().optional(), pushNotification: oldPushConfig.optional() })
    .optional(),
  metadata,
});

/** Below `/v1`: `/v1/tasks` has no more in 0.3. */
const ROUTE =
  /^\/v1\/(?:card|message:(?:send|stream)|tasks\/([^/]+?)(?::cancel|:subscribe|(\/pushNotificationConfigs)(?:\/[^/]+)?)?)\/?$/;

/**
 * Whether there is such a path in 0.3, whose query and body are then as the SDK reads them. Throws INVALID_ARGUMENT.
 */
export function readOldRequest(request: Request): boolean {
  const [isKnown, taskId = '', configs] = ROUTE.exec(request.path) ?? [];
  if (isKnown === undefined) return false;
  parse(z.object({ historyLength: wholeText().optional(), history_length: wholeText().optional() }), request.query);
  if (request.method !== 'POST') return true;
  if (request.path.startsWith('/v1/message:')) request.body = withoutSaid(request, sentIn(bodyOf(request)));
  else if (configs !== undefined) request.body = configIn(bodyOf(request), taskId);
  return true;
}

function bodyOf({ body }: Request): Readonly<Record<string, unknown>> {
  const given: unknown = body ?? {};
  if (!isObject(given)) throw invalidArgument('body', 'an object');
  return withoutNulls(given) as typeof given;
}

/** What a message says, as 1.0 has it. */
type Said = Pick<Message, 'parts' | 'metadata' | 'extensions'>;

const saidBy = new WeakMap<Request, Said>();

/**
 * The SDK's reader passes over the names of files and the metadata of parts, and keeps all of it as long as the answer is
 * under way: it is given what stands for it, and `saidIn` has the rest.
 */
function withoutSaid(request: Request, { message, ...others }: z.output<typeof sendBody>): unknown {
  const { content, metadata: about, extensions, ...named } = message;
  saidBy.set(request, { parts: sdkParts(content.map(partOf)), metadata: about, extensions: extensions ?? [] });
  return { ...others, message: { ...named, content: [{ text: 'said' }] } };
}

/** What the message of a request says that `readOldRequest` has read; once, as it is not to be kept. */
export function saidIn(request: Request): Said | undefined {
  const said = saidBy.get(request);
  saidBy.delete(request);
  return said;
}

function partOf({ text, file, data, metadata: about }: z.output<typeof part>): unknown {
  const { fileWithUri: url, fileWithBytes: raw, name: filename, mimeType: mediaType } = file ?? {};
  const inside = data === undefined ? undefined : (data['data'] ?? {});
  return { text, url, raw, filename, mediaType, data: inside, metadata: about };
}

function sentIn(body: Readonly<Record<string, unknown>>): z.output<typeof sendBody> {
  const { request, message = request, ...others } = fromProtoJson(sendShape, body) as typeof body;
  return parse(sendBody, { ...others, message });
}

/**
 * The config of the task in the path: as `TaskPushNotificationConfig`, which has no need to name the task again, and as
 * clients in Python send it, within the whole request.
 */
function configIn(body: Readonly<Record<string, unknown>>, taskId: string): unknown {
  const { configId, config } = fromProtoJson(configShape, body) as typeof body;
  const inner = fromProtoJson(configShape, config ?? body) as typeof body;
  const given = parse(z.looseObject({ pushNotificationConfig: oldPushConfig }), inner).pushNotificationConfig;
  const named = typeof inner['name'] === 'string' ? inner['name'].split('/').at(3) : undefined;
  const [id = ''] = [given.id, configId, named].filter(isFilled);
  return {
    name: `tasks/${taskId}/pushNotificationConfigs/${id}`,
    pushNotificationConfig: { ...given, id },
  };
}

function isFilled(id: unknown): id is string {
  return typeof id === 'string' && id !== '';
}
