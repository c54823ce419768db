/** Messages and tasks that the SDK's reader and writer would leave as they are, so that they need not go through either. */
import { Message as SdkMessage, Task as SdkTask } from '@a2a-js/sdk';
import { isStorableText } from '@continuo/agent/internal/platform/storable.js';
import { contentFields, isPlainText, type Message, type Part } from '@continuo/agent/internal/sessions/message.js';
import type { Artifact, Task } from '@continuo/agent/internal/tasks/task.js';
import type { SendAnswer } from './reply.js';
import { sdkMessage, sdkTask } from '../tasks/sdk-objects.js';

/** Other spellings that the SDK's reader takes where ours is missing. */
const OTHER_SPELLINGS = ['message_id', 'context_id', 'task_id', 'reference_task_ids', 'media_type'];

/**
 * Whether `message`, as `messageSchema` has read it from `wire`, is what it would be had the SDK read it first: it knows other
 * spellings, writes bytes its own way, and takes null and what is empty for what isn't there.
 */
export function isReadAlike(wire: unknown, message: Message): boolean {
  if (typeof wire !== 'object' || wire === null || !('parts' in wire) || !Array.isArray(wire.parts)) return false;
  const parts: readonly unknown[] = wire.parts;
  const usual = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !OTHER_SPELLINGS.some((name) => name in value);
  return (
    usual(wire) &&
    parts.every(usual) &&
    message.parts.every(({ raw, data }) => raw === undefined && data !== null) &&
    message.extensions?.length !== 0 &&
    message.referenceTaskIds?.length !== 0
  );
}

/**
 * `wire`, of which `messageSchema` has read `message`, for the SDK's reader: that takes the first content of a part for all of
 * it, also an empty one beside another.
 */
export function withOneContent(wire: unknown, message: Message): unknown {
  if (typeof wire !== 'object' || wire === null || !('parts' in wire) || !Array.isArray(wire.parts)) return wire;
  const parts = wire.parts.map((part: object, index) => {
    const read = message.parts[index];
    const others = contentFields.filter((name) => name in part && read !== undefined && read[name] === undefined);
    return others.length === 0 ? part : { ...part, ...Object.fromEntries(others.map((name) => [name, undefined])) };
  });
  return parts.every((part, index) => part === (wire.parts as readonly unknown[])[index]) ? wire : { ...wire, parts };
}

const OF_PLAIN_MESSAGES = new Set(['messageId', 'contextId', 'taskId', 'role', 'parts']);
const MOST_ID = 256;
const MOST_PARTS = 1_000;

/**
 * The message of the params of a call, where they say nothing else, and it nothing but its ids and texts, as most do: what
 * `sendParams` would read, which takes ten times as long. Undefined for any other, and for what isn't as it should be.
 */
export function plainMessageOf(params: object): Message | undefined {
  if (!('message' in params) || Object.keys(params).length !== 1) return undefined;
  const { message } = params;
  if (typeof message !== 'object' || message === null) return undefined;
  const { messageId, contextId = messageId, taskId = messageId, role, parts } = message as Partial<Message>;
  const plain =
    [messageId, contextId, taskId].every(isPlainId) &&
    role === 'ROLE_USER' &&
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.length <= MOST_PARTS &&
    parts.every((part) => isPlainText(part) && isStorableText(part.text)) &&
    Object.keys(message).every((name) => OF_PLAIN_MESSAGES.has(name));
  return plain ? (message as Message) : undefined;
}

function isPlainId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id.length <= MOST_ID && isStorableText(id);
}

/** The answer to a message as the SDK would write it. */
export function writtenAnswer(answer: SendAnswer): unknown {
  if ('task' in answer) return { task: written(answer.task) };
  return { message: SdkMessage.toJSON(sdkMessage(answer.message)) };
}

/** The task as the SDK would write it. */
function written(task: Task): unknown {
  return isWrittenAlike(task) ? task : SdkTask.toJSON(sdkTask(task));
}

/** Whether the SDK would write the task as it is: without what is empty, unset, of bytes, or not A2A's. */
export function isWrittenAlike({ id, contextId, status, artifacts, history, metadata, ...others }: Task): boolean {
  return (
    isFilled(id, contextId) &&
    isNothing(others) &&
    (status.message === undefined || isPlainMessage(status.message)) &&
    artifacts?.length !== 0 &&
    (artifacts ?? []).every(isPlainArtifact) &&
    history?.length !== 0 &&
    (history ?? []).every(isPlainMessage) &&
    isSet(metadata)
  );
}

function isPlainArtifact({ artifactId, name, description, parts, metadata, extensions, ...others }: Artifact): boolean {
  const texts = isFilled(artifactId) && isFilledOrUnset(name, description);
  return texts && isNothing(others) && isSet(metadata) && areFilled(extensions) && arePlain(parts);
}

function isPlainMessage(message: Message): boolean {
  const { messageId, contextId, taskId, role, parts, metadata, extensions, referenceTaskIds, ...others } = message;
  const texts = isFilled(messageId, role) && isFilledOrUnset(contextId, taskId);
  const lists = areFilled(extensions) && areFilled(referenceTaskIds);
  return texts && lists && isNothing(others) && isSet(metadata) && arePlain(parts);
}

function arePlain(parts: readonly Part[]): boolean {
  return parts.length > 0 && parts.every(isPlainPart);
}

function isPlainPart({ text, url, raw, data, metadata, filename, mediaType, ...others }: Part): boolean {
  const contents = [text, url, data].filter((content) => content !== undefined);
  const known = raw === undefined && data !== null && isNothing(others) && isSet(metadata);
  const texts = [text, url].every((content) => content === undefined || typeof content === 'string');
  return contents.length === 1 && known && texts && isFilledOrUnset(filename, mediaType);
}

function isFilled(...texts: readonly unknown[]): boolean {
  return texts.every((text) => typeof text === 'string' && text !== '');
}

function isFilledOrUnset(...texts: readonly unknown[]): boolean {
  return texts.every((text) => text === undefined || (typeof text === 'string' && text !== ''));
}

function areFilled(texts: readonly unknown[] | undefined): boolean {
  return (
    texts === undefined || (Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === 'string'))
  );
}

function isSet(value: object | undefined): boolean {
  return value === undefined || (typeof value === 'object' && value !== null);
}

function isNothing(others: object): boolean {
  return Object.keys(others).length === 0;
}
