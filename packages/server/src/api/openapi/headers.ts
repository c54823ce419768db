/** The headers that the OpenAPI document knows: what requests may carry, and what answers say in them. */

interface Header {
  readonly description: string;
  readonly schema: object;
  readonly required?: boolean;
  readonly example?: string;
}

const text = { type: 'string' };
const bytes = { type: 'integer', minimum: 0 };
const structuredFlag = { type: 'string', enum: ['?1', '?0'] };

export const requestHeaders = {
  'Idempotency-Key': {
    description:
      'Sent again under the same key, the request does nothing twice and gets the answer for what it did the first time.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
    example: '0190d1f0-7a30-7000-8000-000000000000',
  },
  'Last-Event-ID': {
    description: 'The id of the event that the client has seen last: the stream goes on behind it.',
    schema: text,
  },
  Range: {
    description: 'The one range of bytes that is wanted; several are answered with all of it.',
    schema: text,
    example: 'bytes=0-1023',
  },
  'If-None-Match': { description: 'The `ETag` of what the client has: 304 where that is all of it.', schema: text },
  'If-Range': {
    description: 'The `ETag` of what the client has a range of: all of it where it has changed.',
    schema: text,
  },
  'Content-Disposition': {
    description: 'The name of the file.',
    schema: text,
    example: 'attachment; filename="plan.pdf"',
  },
  'Upload-Complete': {
    description: '`?0`: more follows with PATCH. Without it, an upload is complete and can not be continued.',
    schema: structuredFlag,
  },
  'Upload-Complete (part)': {
    description: '`?1`: this is the last of the content; `?0`: more follows.',
    schema: structuredFlag,
    required: true,
  },
  'Upload-Length': { description: 'Bytes of all of the content.', schema: bytes },
  'Upload-Offset': { description: 'Bytes that are stored: where this part goes on.', schema: bytes, required: true },
} as const satisfies Readonly<Record<string, Header>>;

export type RequestHeader = keyof typeof requestHeaders;

export const answerHeaders = {
  'X-Request-Id': {
    description: "The id of the request in the server's log; the client's own, where it sent one.",
    required: true,
    schema: text,
  },
  'Last-Event-ID': {
    description: "The id of the task's last event: its stream goes on behind it.",
    required: true,
    schema: text,
  },
  'Retry-After': { description: 'Seconds after which it makes sense to try again.', schema: bytes, required: true },
  'WWW-Authenticate': {
    description: 'What is wrong with the credentials: of a 401, and of a 403 for want of a scope.',
    schema: text,
  },
  ETag: { description: 'The same for the same content.', schema: text, required: true },
  'Accept-Ranges': {
    description: 'Ranges of bytes can be asked for.',
    schema: { type: 'string', const: 'bytes' },
    required: true,
  },
  'Content-Range': { description: 'Which bytes these are, of how many.', schema: text, required: true },
  'Content-Disposition': { description: 'The name of the file.', schema: text, required: true },
  Location: {
    description: 'Where the upload is to be continued, and the file will be.',
    schema: { type: 'string', format: 'uri' },
  },
  'Upload-Offset': { description: 'Bytes that are stored.', schema: bytes },
  'Upload-Complete': { description: '`?1`: all of the content is there.', schema: structuredFlag },
  'Upload-Length': { description: 'Bytes of all of the content, where the client has said it.', schema: bytes },
  'Upload-Limit': {
    description: 'How much may be sent, and for how many seconds it can be continued.',
    schema: text,
    example: 'max-size=104857600, max-age=86400',
  },
} as const satisfies Readonly<Record<string, Header>>;

export type AnswerHeader = keyof typeof answerHeaders;

/** The headers of an answer, as the document names them. */
export function headersOf(names: readonly AnswerHeader[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
