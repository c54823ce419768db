/** Google's generateContent, as strict as the real API is reported to be. */
import { z } from 'zod';
import { firstOf, flawIn, isBlank, isReallyOf, misfit, objectSchema } from './contents.js';
import { sse, type Protocol, type WrittenCall } from './protocol.js';

const readable = new Set(
  `image/png image/jpeg image/webp image/heic image/heif application/pdf text/plain
   audio/wav audio/mp3 audio/mpeg audio/aiff audio/aac audio/ogg audio/flac
   video/mp4 video/mpeg video/mov video/quicktime video/avi video/webm video/wmv video/3gpp`.split(/\s+/),
);

const part = z.union(
  [
    z.strictObject({ text: z.string(), thoughtSignature: z.string().optional(), thought: z.boolean().optional() }),
    z.strictObject({ inlineData: z.object({ mimeType: z.string(), data: z.string() }) }),
    z.strictObject({
      functionCall: z.object({ id: z.string().optional(), name: z.string().min(1), args: objectSchema.optional() }),
      thoughtSignature: z.string().optional(),
    }),
    z.strictObject({
      functionResponse: z.object({ id: z.string().optional(), name: z.string().min(1), response: objectSchema }),
    }),
  ],
  { error: 'Invalid JSON payload received. Proto field is not repeating, cannot start list, or has no such field.' },
);

const bodySchema = z.object({
  systemInstruction: z.object({ parts: z.array(z.object({ text: z.string() })) }).optional(),
  contents: z
    .array(
      z.object({
        role: z.enum(['user', 'model'], { error: 'Please use a valid role: user, model.' }),
        parts: z.array(part),
      }),
    )
    .min(1, 'contents is not specified'),
  tools: z
    .array(
      z.object({
        functionDeclarations: z.array(z.object({ name: z.string(), parameters: objectSchema.optional() })).optional(),
      }),
    )
    .optional(),
});

type Body = z.infer<typeof bodySchema>;
type Content = Body['contents'][number];

function refusalOf(given: unknown): string | undefined {
  const flaw = misfit(bodySchema, given);
  if (flaw !== undefined) return flaw;
  const { systemInstruction, contents, tools = [] } = bodySchema.parse(given);
  const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  return firstOf(
    flawIn(systemInstruction?.parts ?? [], ({ text }) => (isBlank(text) ? EMPTY_TEXT : undefined)),
    () =>
      flawIn(declared, ({ name }, n) =>
        /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(name)
          ? undefined
          : `GenerateContentRequest.tools[0].function_declarations[${n}].name: Invalid function name. Must start with a letter or an underscore.`,
      ),
    () => flawIn(contents, (content, n) => flawOfParts(content, n)),
    () => flawIn(contents, (content, n) => flawOfOrder(content, contents[n - 1], n)),
    () =>
      contents.at(-1)?.role === 'model'
        ? 'Please ensure that multiturn requests end with a user role or a function response.'
        : undefined,
    () => (contents.at(-1)?.parts.length === 0 ? 'contents.parts must not be empty' : undefined),
  );
}

const EMPTY_TEXT =
  'Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again.';

function flawOfParts({ parts }: Content, n: number): string | undefined {
  if (parts.length === 0) return `* GenerateContentRequest.contents[${n}].parts: contents.parts must not be empty.`;
  return flawIn(parts, (each) => {
    if ('text' in each) return isBlank(each.text) ? EMPTY_TEXT : undefined;
    if (!('inlineData' in each)) return undefined;
    const { mimeType, data } = each.inlineData;
    if (!readable.has(mimeType)) return `Unsupported MIME type: ${mimeType}`;
    if (isReallyOf(mimeType, data)) return undefined;
    return mimeType === 'application/pdf'
      ? 'The document has no pages.'
      : 'Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting';
  });
}

function flawOfOrder(content: Content, before: Content | undefined, n: number): string | undefined {
  const callsIn = (one: Content | undefined): number =>
    (one?.parts ?? []).filter((each) => 'functionCall' in each).length;
  const answersIn = (one: Content | undefined): number =>
    (one?.parts ?? []).filter((each) => 'functionResponse' in each).length;
  if (n === 0 && content.role === 'model') return 'Please ensure that multiturn requests begin with a user role.';
  if (before?.role === content.role) return 'Please ensure that multiturn requests alternate between user and model.';
  const wanted = callsIn(before);
  const answered = answersIn(content);
  if (content.role === 'user' && answered > 0 && wanted === 0) {
    return 'Please ensure that function response turn comes immediately after a function call turn.';
  }
  if (content.role === 'user' && answered !== wanted) {
    return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
  }
  if (callsIn(content) > 0 && before === undefined) {
    return 'Please ensure that function call turn comes immediately after a user turn or after a function response turn.';
  }
  return undefined;
}

const stops: Readonly<Record<string, string>> = { length: 'MAX_TOKENS', content_filter: 'SAFETY' };

export const google: Protocol = {
  model: 'google/gemini-2.5-strict',
  basePath: '/v1beta',
  refusalOf,
  tooLong: (tokens, most) => ({
    message: `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${most}).`,
  }),
  errorBody: (code, message) => ({
    error: { code, message, status: code === 400 ? 'INVALID_ARGUMENT' : 'UNAVAILABLE' },
  }),
  framesOf: ({ words, calls, finishReason, promptTokens }) => {
    const frame = (parts: readonly unknown[], finish?: string): string =>
      sse({
        candidates: [
          { content: { role: 'model', parts }, index: 0, ...(finish === undefined ? {} : { finishReason: finish }) },
        ],
        usageMetadata: {
          promptTokenCount: promptTokens,
          candidatesTokenCount: words.length,
          totalTokenCount: promptTokens + words.length,
        },
        modelVersion: 'strict',
      });
    const wanted = calls.map((call) => ({ functionCall: { name: call.name, args: argsOf(call) } }));
    return {
      begin: [...words.map((text) => frame([{ text }])), ...(wanted.length > 0 ? [frame(wanted)] : [])],
      end: [frame([{ text: '' }], stops[finishReason] ?? 'STOP')],
    };
  },
};

function argsOf({ input }: WrittenCall): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
