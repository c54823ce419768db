/** OpenAI's responses, as strict as the real API is reported to be. */
import { z } from 'zod';
import { firstOf, flawIn, flawOfCount, isReallyOf, misfit, objectSchema, readDataUrl } from './contents.js';
import { inputText, sse, type Protocol } from './protocol.js';

const wordsIn = z.object({ type: z.literal('input_text'), text: z.string() });
const inputImage = z.object({ type: z.literal('input_image'), image_url: z.string().min(1) });
const inputFile = z.object({
  type: z.literal('input_file'),
  filename: z.string().min(1),
  file_data: z.string().startsWith('data:application/pdf;base64,', 'Invalid file data'),
});
const outputText = z.object({ type: z.literal('output_text'), text: z.string() });

const system = z.object({ role: z.enum(['system', 'developer']), content: z.string() });
const user = z.object({
  role: z.literal('user'),
  content: z.array(z.discriminatedUnion('type', [wordsIn, inputImage, inputFile])).min(1),
});
const assistant = z.object({ role: z.literal('assistant'), content: z.array(outputText).min(1) });
const call = z.object({
  type: z.literal('function_call'),
  call_id: z.string().min(1).max(64),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  arguments: z.string(),
});
const output = z.object({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.union([z.string(), z.array(z.discriminatedUnion('type', [wordsIn, inputImage, inputFile])).min(1)]),
});
const reasoning = z.object({ type: z.literal('reasoning'), id: z.string().optional(), summary: z.array(z.unknown()) });
const reference = z.object({ type: z.literal('item_reference'), id: z.string().min(1) });

const bodySchema = z.object({
  model: z.string().min(1),
  input: z.array(z.union([call, output, reasoning, reference, system, user, assistant])).min(1),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
        parameters: objectSchema,
      }),
    )
    .optional(),
});

type Item = z.infer<typeof bodySchema>['input'][number];

function flawOfFiles(item: Item): string | undefined {
  if (!('role' in item) || item.role !== 'user') return undefined;
  return flawIn(item.content, (part) => {
    if (part.type === 'input_text') return undefined;
    const data = readDataUrl(part.type === 'input_image' ? part.image_url : part.file_data);
    if (data !== undefined && isReallyOf(data.mediaType, data.base64)) {
      if (part.type === 'input_file' || /^image\/(png|jpeg|gif|webp)$/.test(data.mediaType)) return undefined;
    }
    return part.type === 'input_file'
      ? 'Invalid file data: the PDF could not be read.'
      : 'The image data you provided does not represent a valid image. Please check your input and try again.';
  });
}

/** Outputs are matched by the ids of their calls; what the server itself keeps is only referred to. */
function flawOfPairs(items: readonly Item[]): string | undefined {
  if (items.some((item) => 'type' in item && item.type === 'item_reference')) return undefined;
  const calls = items.flatMap((item) => ('type' in item && item.type === 'function_call' ? [item.call_id] : []));
  const outputs = items.flatMap((item) =>
    'type' in item && item.type === 'function_call_output' ? [item.call_id] : [],
  );
  const open = calls.find((id) => !outputs.includes(id));
  if (open !== undefined) return `No tool output found for function call ${open}.`;
  const stray = outputs.find((id) => !calls.includes(id));
  if (stray !== undefined) return `No tool call found for function call output with call_id ${stray}.`;
  return new Set(calls).size < calls.length || new Set(outputs).size < outputs.length
    ? 'Duplicate item found with the same call_id.'
    : undefined;
}

function flawOfCalls(item: Item): string | undefined {
  if (!('type' in item) || item.type !== 'function_call') return undefined;
  try {
    return objectSchema.safeParse(JSON.parse(item.arguments)).success
      ? undefined
      : 'Invalid function arguments: expected an object.';
  } catch {
    return 'Invalid function arguments: they are no JSON.';
  }
}

export const openAiResponses: Protocol = {
  model: 'openai/gpt-strict',
  basePath: '/v1',
  refusalOf: (body) =>
    firstOf(misfit(bodySchema, body), () => {
      const { input, tools } = bodySchema.parse(body);
      return firstOf(flawOfCount(tools), flawOfPairs(input), flawIn(input, flawOfCalls), flawIn(input, flawOfFiles));
    }),
  tooLong: () => ({
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    code: 'context_length_exceeded',
  }),
  errorBody: (_status, message, code) => ({
    error: { message, type: 'invalid_request_error', param: 'input', code: code ?? null },
  }),
  framesOf: ({ words, calls, finishReason, promptTokens }) => {
    const response = { id: 'resp_1', created_at: 1_700_000_000, model: 'strict' };
    let sequence = 0;
    const frame = (type: string, rest: object): string =>
      sse({ type, sequence_number: (sequence += 1), ...rest }, type);
    const begin = [frame('response.created', { response })];
    let index = 0;
    if (words.length > 0) {
      const item = { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] };
      begin.push(frame('response.output_item.added', { output_index: index, item }));
      for (const delta of words) {
        begin.push(
          frame('response.output_text.delta', { item_id: item.id, output_index: index, content_index: 0, delta }),
        );
      }
      begin.push(frame('response.output_item.done', { output_index: index, item: { ...item, status: 'completed' } }));
      index += 1;
    }
    for (const [n, wanted] of calls.entries()) {
      const item = { type: 'function_call', id: `fc_${n}`, call_id: `call_${n}`, name: wanted.name, arguments: '' };
      const delta = inputText(wanted);
      const done = { ...item, arguments: delta, status: 'completed' };
      begin.push(
        frame('response.output_item.added', { output_index: index, item }),
        frame('response.function_call_arguments.delta', { item_id: item.id, output_index: index, delta }),
        frame('response.function_call_arguments.done', { item_id: item.id, output_index: index, arguments: delta }),
        frame('response.output_item.done', { output_index: index, item: done }),
      );
      index += 1;
    }
    const usage = {
      input_tokens: promptTokens,
      output_tokens: words.length,
      total_tokens: promptTokens + words.length,
    };
    const cut = { length: 'max_output_tokens', content_filter: 'content_filter' }[finishReason];
    const type = cut === undefined ? 'response.completed' : 'response.incomplete';
    const incomplete = cut === undefined ? {} : { incomplete_details: { reason: cut } };
    return { begin, end: [frame(type, { response: { ...response, ...incomplete, usage } })] };
  },
};
