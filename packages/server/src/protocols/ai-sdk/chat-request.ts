/** The body that AI SDK's DefaultChatTransport sends: what of it is said to the agent. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { canonicalJson } from '../../platform/canonical-json.js';
import { fileAt } from '../file-at.js';
import type { Saying } from '../take-over.js';
import { longListOf } from '../long-list.js';

const id = z.string().min(1).max(256);

const partSchema = z.looseObject({ type: z.string().max(256) });
const textSchema = z.object({ text: z.string() });
const fileSchema = z.object({
  url: z.string().min(1),
  mediaType: z.string().min(1).max(256).optional(),
  filename: z.string().max(1_024).optional(),
});

const chatSchema = z.object({
  id,
  messages: longListOf(z.object({ id, role: z.string().max(64), parts: longListOf(partSchema) }), 1),
  trigger: z.enum(['submit-message', 'regenerate-message']).optional(),
  messageId: id.nullish(),
});

export interface ChatRequest {
  readonly chatId: string;
  /** What is said now. */
  readonly parts: readonly Part[];
  /** The same for the same words in the same place; undefined: they are said again. */
  readonly messageId: string | undefined;
  readonly history: readonly Saying[];
  /** Another answer is wanted in the place of the last. */
  readonly isAgain: boolean;
}

/** Throws INVALID_ARGUMENT, naming the field. */
export function parseChat(body: unknown): ChatRequest {
  const { id: chatId, messages, trigger, messageId: answerId } = parse(chatSchema, body);
  const said = messages.map(({ role, parts }, index) => ({ role, parts: partsOf(parts, `messages[${index}].parts`) }));
  const last = said.findLastIndex(({ role }) => role === 'user');
  const parts = said[last]?.parts ?? [];
  if (parts.every(({ text }) => text !== undefined && isNothing(text))) {
    throw invalidArgument('messages', 'a message of the user, with text that is not empty or a file');
  }
  const isAgain = trigger === 'regenerate-message';
  // A message that was edited keeps its id.
  const words = [messages[last]?.id, parts, ...(isAgain ? [answerId] : [])];
  const isNew = isAgain && (answerId === undefined || answerId === null);
  return {
    chatId,
    parts,
    messageId: isNew ? undefined : derivedId(`message of ${canonicalJson(words)}`),
    history: said.slice(0, last).filter(isSaying),
    isAgain,
  };
}

function isSaying(message: { readonly role: string; readonly parts: readonly Part[] }): message is Saying {
  return (message.role === 'user' || message.role === 'assistant') && message.parts.length > 0;
}

/** Texts and files; nothing of steps, tools, reasoning and data: they are the agent's own. */
function partsOf(parts: readonly z.output<typeof partSchema>[], field: string): readonly Part[] {
  return parts.flatMap((part, index): readonly Part[] => {
    const at = `${field}[${index}]`;
    if (part.type === 'text') return [{ text: parse(textSchema, part, at).text }];
    if (part.type !== 'file') return [];
    const { url, ...file } = parse(fileSchema, part, at);
    return [fileAt(url, { field: `${at}.url`, ...file })];
  });
}
