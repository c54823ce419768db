/** OpenAI's chat completions: as OpenAI reads them, and as vLLM does with the template of a strict model. */
import { z } from 'zod';
import { firstOf, flawIn, flawOfCount, isBlank, isReallyOf, misfit, objectSchema, readDataUrl } from './contents.js';
import { chatFrames } from './openai-chat-frames.js';
import type { Protocol } from './protocol.js';

const text = z.object({ type: z.literal('text'), text: z.string() });
const imageUrl = z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string().min(1) }) });
const audio = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({ data: z.string().min(1), format: z.enum(['wav', 'mp3']) }),
});
const file = z.object({
  type: z.literal('file'),
  file: z.object({ filename: z.string().min(1), file_data: z.string().startsWith('data:application/pdf;base64,') }),
});

const call = z.object({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.object({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), arguments: z.string() }),
});

/** `parts`: what a user's message may have. */
function bodyWith<Parts extends z.ZodType>(parts: Parts) {
  const message = z.discriminatedUnion('role', [
    z.object({ role: z.enum(['system', 'developer']), content: z.string() }),
    z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(parts).min(1)]) }),
    z.object({
      role: z.literal('assistant'),
      content: z.string().nullish(),
      tool_calls: z.array(call).min(1).optional(),
    }),
    z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() }),
  ]);
  return z.object({
    model: z.string().min(1),
    messages: z.array(message).min(1),
    tools: z
      .array(
        z.object({
          type: z.literal('function'),
          function: z.object({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), parameters: objectSchema }),
        }),
      )
      .optional(),
  });
}

const official = bodyWith(z.discriminatedUnion('type', [text, imageUrl, audio, file]));
const vllm = bodyWith(z.discriminatedUnion('type', [text, imageUrl], { error: 'Unknown part type' }));

type Message = z.infer<typeof official>['messages'][number];

function flawOfPart(
  part: z.infer<typeof text> | z.infer<typeof imageUrl> | z.infer<typeof audio> | z.infer<typeof file>,
): string | undefined {
  if (part.type === 'image_url') {
    const data = readDataUrl(part.image_url.url);
    if (data === undefined) return undefined;
    const known = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].includes(data.mediaType);
    return known && isReallyOf(data.mediaType, data.base64)
      ? undefined
      : "You uploaded an unsupported image. Please make sure your image is valid and of one the following formats: ['png', 'jpeg', 'gif', 'webp'].";
  }
  if (part.type !== 'file') return undefined;
  const data = readDataUrl(part.file.file_data);
  return data !== undefined && isReallyOf(data.mediaType, data.base64)
    ? undefined
    : 'Invalid file data: the PDF could not be read.';
}

function flawOfCalls(message: Message): string | undefined {
  if (message.role !== 'assistant') return undefined;
  return flawIn(message.tool_calls ?? [], ({ function: { arguments: written } }) => {
    try {
      return objectSchema.safeParse(JSON.parse(written)).success
        ? undefined
        : 'Can only get item pairs from a mapping.';
    } catch {
      return 'Expecting value: the arguments of a tool call are no JSON';
    }
  });
}

function idsIn(message: Message | undefined): readonly string[] {
  return message?.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
}

/** Every call has its result behind it, before anything else is said. */
function flawOfPairs(messages: readonly Message[]): string | undefined {
  let open: readonly string[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      const { tool_call_id: id } = message;
      if (!open.includes(id))
        return "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      open = open.filter((each) => each !== id);
      continue;
    }
    if (open.length > 0) break;
    open = idsIn(message);
    if (new Set(open).size < open.length) return 'Duplicate value for tool_call_id';
  }
  if (open.length === 0) return undefined;
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`;
}

/** As the templates of Mistral's models want it, in their words. */
function flawOfAlternation(messages: readonly Message[]): string | undefined {
  const spoken = messages.filter(({ role }, n) => n > 0 || (role !== 'system' && role !== 'developer'));
  const before = new Map([
    ['user', ['assistant']],
    ['assistant', ['user', 'tool']],
    ['tool', ['assistant', 'tool']],
  ]);
  return flawIn(spoken, ({ role }, n) => {
    const last = spoken[n - 1]?.role;
    if (last === undefined)
      return role === 'user' ? undefined : 'Conversation roles must alternate user/assistant/user/assistant/...';
    if (before.get(role)?.includes(last) === true) return undefined;
    if (last === 'tool') return `Unexpected role '${role}' after role 'tool'`;
    return 'After the optional system message, conversation roles must alternate user/assistant/user/assistant/...';
  });
}

function flawOfNull(message: Message): string | undefined {
  const says = message.role !== 'assistant' || message.content != null || message.tool_calls !== undefined;
  return says ? undefined : "Invalid value for 'content': expected a string, got null.";
}

function flawOfWords(message: Message): string | undefined {
  if (message.role === 'tool') return undefined;
  if (message.role === 'assistant' && message.content == null) return flawOfNull(message);
  const words = Array.isArray(message.content)
    ? message.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    : [message.content ?? ''];
  return words.some(isBlank) ? `the message with role '${message.role}' must not be empty` : undefined;
}

function flawOfFiles(message: Message): string | undefined {
  return message.role === 'user' && Array.isArray(message.content) ? flawIn(message.content, flawOfPart) : undefined;
}

const wire = {
  basePath: '/v1',
  framesOf: chatFrames,
} as const;

/** api.openai.com, which takes turns of any order. */
export const openAiChat: Protocol = {
  ...wire,
  model: 'openai-compatible/gpt-strict',
  refusalOf: (body) =>
    firstOf(misfit(official, body), () => {
      const { messages, tools } = official.parse(body);
      return firstOf(
        flawOfCount(tools),
        flawOfPairs(messages),
        flawIn(messages, flawOfNull),
        flawIn(messages, flawOfFiles),
      );
    }),
  tooLong: (tokens, most) => ({
    message: `This model's maximum context length is ${most} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
    code: 'context_length_exceeded',
  }),
  errorBody: (_status, message, code) => ({
    error: { message, type: 'invalid_request_error', param: 'messages', code: code ?? null },
  }),
};

/** vLLM: text and images alone, no empty words, turns that alternate. */
export const vllmChat: Protocol = {
  ...wire,
  model: 'openai-compatible/mistral-strict',
  refusalOf: (body) =>
    firstOf(misfit(vllm, body), () => {
      const { messages } = vllm.parse(body);
      return firstOf(
        flawOfPairs(messages),
        flawOfAlternation(messages),
        flawIn(messages, flawOfWords),
        flawIn(messages, flawOfCalls),
        flawIn(messages, flawOfFiles),
      );
    }),
  tooLong: (tokens, most) => ({
    message: `This model's maximum context length is ${most} tokens. However, you requested ${tokens} tokens in the messages, Please reduce the length of the messages.`,
  }),
  errorBody: (status, message) => ({ error: { message, type: 'BadRequestError', param: null, code: status } }),
};
