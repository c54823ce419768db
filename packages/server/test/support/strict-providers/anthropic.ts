/** Anthropic's messages, as strict as the real API is reported to be. */
import { z } from 'zod';
import { firstOf, flawIn, isBlank, isReallyOf, misfit, objectSchema } from './contents.js';
import { inputText, sse, type Protocol } from './protocol.js';

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
const id = z.string().regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'");

const text = z.object({ type: z.literal('text'), text: z.string() });
const image = z.object({
  type: z.literal('image'),
  source: z.object({
    type: z.literal('base64'),
    media_type: z.enum(imageTypes, {
      error: "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
    }),
    data: z.string().min(1),
  }),
});
const document = z.object({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: z.string().min(1) }),
    z.object({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string().min(1) }),
  ]),
  title: z.string().min(1).max(500).nullish(),
});
const toolUse = z.object({
  type: z.literal('tool_use'),
  id,
  name: z.string().min(1).max(200),
  input: z.record(z.string(), z.unknown(), { error: 'Input should be a valid dictionary' }),
});
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: id,
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, document]))]).optional(),
  is_error: z.boolean().optional(),
});
const thinking = z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) });

const userBlocks = z.array(z.discriminatedUnion('type', [text, image, document, toolResult]));
const assistantBlocks = z.array(z.discriminatedUnion('type', [text, toolUse, thinking]));
const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: z.union([z.string(), userBlocks]) }),
  z.object({ role: z.literal('assistant'), content: z.union([z.string(), assistantBlocks]) }),
]);

const toolSchema = z.object({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
  description: z.string().optional(),
  input_schema: objectSchema,
});

const bodySchema = z.object({
  model: z.string().min(1),
  max_tokens: z.number().int().min(1),
  system: z.union([z.string(), z.array(text)]).optional(),
  messages: z.array(messageSchema).min(1, 'at least one message is required'),
  tools: z.array(toolSchema).optional(),
});

type Body = z.infer<typeof bodySchema>;
type Message = Body['messages'][number];
type Block = z.infer<typeof userBlocks>[number] | z.infer<typeof assistantBlocks>[number];

function blocksOf({ content }: Message): readonly Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function refusalOf(given: unknown): string | undefined {
  const flaw = misfit(bodySchema, given);
  if (flaw !== undefined) return flaw;
  const { system = [], messages, tools = [] } = bodySchema.parse(given);
  const spoken = typeof system === 'string' ? [system] : system.map((block) => block.text);
  return firstOf(
    flawIn(spoken, (words, n) =>
      isBlank(words) ? `system.${n}: text content blocks must contain non-whitespace text` : undefined,
    ),
    () => flawIn(tools, (tool, n) => flawOfSchema(tool.input_schema, n)),
    () =>
      new Set(tools.map(({ name }) => name)).size < tools.length ? 'tools: Tool names must be unique.' : undefined,
    () =>
      flawIn(messages, (each, n) =>
        flawIn(blocksOf(each), (block, k) => flawOfBlock(block, `messages.${n}.content.${k}`)),
      ),
    () => flawIn(messages, (each, n) => flawOfOrder(messages, each, n)),
    () =>
      messages.at(-1)?.role === 'assistant'
        ? 'This model does not support assistant message prefill. The conversation must end with a user message.'
        : undefined,
    () =>
      tools.length === 0 && messages.some((each) => blocksOf(each).some(isAboutTools))
        ? 'Requests which include `tool_use` or `tool_result` blocks must define tools'
        : undefined,
  );
}

function flawOfSchema(schema: z.infer<typeof objectSchema>, n: number): string | undefined {
  const place = `tools.${n}.custom.input_schema`;
  if (schema['type'] !== 'object') return `${place}.type: Input should be 'object'`;
  if (['oneOf', 'allOf', 'anyOf'].some((key) => key in schema)) {
    return `${place}: input_schema does not support oneOf, allOf, or anyOf at the top level`;
  }
  return undefined;
}

function flawOfBlock(block: Block, place: string): string | undefined {
  if (block.type === 'text' && block.text === '') return `${place}: text content blocks must be non-empty`;
  if (block.type === 'text' && isBlank(block.text))
    return `${place}: text content blocks must contain non-whitespace text`;
  if (block.type === 'image' && !isReallyOf(block.source.media_type, block.source.data)) {
    return `${place}.image.source.base64: Could not process image`;
  }
  if (block.type === 'document' && !isReallyOf(block.source.media_type, block.source.data)) {
    return `${place}.pdf.source.base64.data: The PDF specified was not valid.`;
  }
  return undefined;
}

function flawOfOrder(messages: readonly Message[], each: Message, n: number): string | undefined {
  if (each.role !== (n % 2 === 0 ? 'user' : 'assistant')) {
    return n === 0
      ? 'messages: first message must use the "user" role'
      : 'messages: roles must alternate between "user" and "assistant"';
  }
  const blocks = blocksOf(each);
  if (blocks.length === 0) return `messages.${n}: all messages must have non-empty content`;
  const called = (at: Message | undefined): readonly string[] =>
    at === undefined ? [] : blocksOf(at).flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  const answered = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
  const wanted = called(messages[n - 1]);
  const stray = answered.find((one) => !wanted.includes(one));
  if (stray !== undefined) return `messages.${n}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`;
  const open = wanted.find((one) => !answered.includes(one));
  if (open !== undefined) {
    return `messages.${n - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open}`;
  }
  if (new Set(answered).size < answered.length) return `messages.${n}: each tool_use must have a single result`;
  const other = blocks.findIndex(({ type }) => type !== 'tool_result');
  if (other >= 0 && blocks.slice(other).some(({ type }) => type === 'tool_result')) {
    return `messages.${n}: \`tool_result\` blocks must come first`;
  }
  const all = messages.flatMap(called);
  return new Set(all).size < all.length ? 'messages: `tool_use` ids must be unique' : undefined;
}

function isAboutTools({ type }: Block): boolean {
  return type === 'tool_use' || type === 'tool_result';
}

const stops: Readonly<Record<string, string>> = {
  tool_calls: 'tool_use',
  length: 'max_tokens',
  content_filter: 'refusal',
};

export const anthropic: Protocol = {
  model: 'anthropic/claude-strict',
  basePath: '/v1',
  refusalOf,
  tooLong: (tokens, most) => ({ message: `prompt is too long: ${tokens} tokens > ${most} maximum` }),
  errorBody: (status, message) => ({
    type: 'error',
    error: { type: status === 529 ? 'overloaded_error' : 'invalid_request_error', message },
  }),
  framesOf: ({ thoughts, words, calls, finishReason, promptTokens }) => {
    const frame = (type: string, rest: object): string => sse({ type, ...rest }, type);
    const usage = { input_tokens: promptTokens, output_tokens: 1 };
    const begin = [
      frame('message_start', {
        message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'strict', content: [], usage },
      }),
    ];
    let index = 0;
    if (thoughts.length > 0) {
      begin.push(
        frame('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } }),
      );
      for (const thought of thoughts)
        begin.push(frame('content_block_delta', { index, delta: { type: 'thinking_delta', thinking: thought } }));
      begin.push(
        frame('content_block_delta', { index, delta: { type: 'signature_delta', signature: 'sealed' } }),
        frame('content_block_stop', { index }),
      );
      index += 1;
    }
    if (words.length > 0) {
      begin.push(frame('content_block_start', { index, content_block: { type: 'text', text: '' } }));
      for (const word of words)
        begin.push(frame('content_block_delta', { index, delta: { type: 'text_delta', text: word } }));
      begin.push(frame('content_block_stop', { index }));
      index += 1;
    }
    for (const [n, call] of calls.entries()) {
      const block = { type: 'tool_use', id: `toolu_${n}`, name: call.name, input: {} };
      const delta = { type: 'input_json_delta', partial_json: inputText(call) };
      begin.push(
        frame('content_block_start', { index, content_block: block }),
        frame('content_block_delta', { index, delta }),
        frame('content_block_stop', { index }),
      );
      index += 1;
    }
    const delta = { stop_reason: stops[finishReason] ?? 'end_turn', stop_sequence: null };
    return {
      begin,
      end: [frame('message_delta', { delta, usage: { output_tokens: words.length } }), frame('message_stop', {})],
    };
  },
};
