/** How the document describes refusals: for each operation and status the codes that there may be, and the shape they come in. */
import { errorCodes, type ErrorCode } from '@continuo/agent/internal/platform/errors.js';
import { httpErrors } from '../../platform/http-errors.js';
import { headersOf, type AnswerHeader } from './headers.js';
import type { Operation } from './operation.js';
import { refOf } from './schema-json.js';
import { errorShape } from './shapes.js';

const atAnyTime: readonly ErrorCode[] = ['INTERNAL', 'UNAVAILABLE'];
const ofCallers: readonly ErrorCode[] = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'HOST_NOT_ALLOWED',
  'ORIGIN_NOT_ALLOWED',
  'TENANT_NOT_FOUND',
  'RATE_LIMITED',
];
const ofBodies: readonly ErrorCode[] = ['REQUEST_TIMEOUT', 'PAYLOAD_TOO_LARGE', 'CONTENT_TYPE_NOT_SUPPORTED'];

const headersByStatus: Readonly<Record<number, readonly AnswerHeader[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

const headersByCode: { readonly [code in ErrorCode]?: readonly AnswerHeader[] } = {
  UPLOAD_MISMATCH: ['Upload-Offset', 'Upload-Complete', 'Upload-Limit', 'Upload-Length'],
};

/** Everything that an operation may refuse. */
function codesOf({ access, body, content, stream, file, errors = [] }: Operation): readonly ErrorCode[] {
  const codes = [
    ...atAnyTime,
    ...(access === 'public' ? (['HOST_NOT_ALLOWED', 'ORIGIN_NOT_ALLOWED'] as const) : ofCallers),
    ...(body === undefined && content === undefined ? [] : ofBodies),
    ...(stream === true || file === true ? (['QUOTA_EXCEEDED'] as const) : []),
    ...errors,
  ];
  // In the order of the table, so that the same codes are the same response.
  return (Object.keys(errorCodes) as ErrorCode[]).filter((code) => codes.includes(code));
}

/** The refusals of an operation by status: references to `components`, which `components` gets. */
export function refusalsOf(
  operation: Operation,
  components: Record<string, unknown>,
): Readonly<Record<string, unknown>> {
  const all = codesOf(operation);
  const refusals = [...new Set(all.map((code) => httpErrors[code].http))].map((status): readonly [string, unknown] => {
    const codes = all.filter((code) => httpErrors[code].http === status);
    const id = codes.join('.');
    components[id] = refusal(status, codes);
    return [String(status), { $ref: `#/components/responses/${id}` }];
  });
  components['Error'] = {
    description: 'Any other refusal.',
    content: { 'application/json': { schema: refOf(errorShape) } },
  };
  return { ...Object.fromEntries(refusals), default: { $ref: '#/components/responses/Error' } };
}

function refusal(status: number, codes: readonly ErrorCode[]) {
  const statuses = [...new Set(codes.map((code) => httpErrors[code].status))];
  const info = { properties: { reason: { enum: codes } }, required: ['reason'] };
  const error = { properties: { code: { const: status }, status: { enum: statuses }, details: { contains: info } } };
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code]}`).join('\n\n'),
    headers: headersOf([
      'X-Request-Id',
      ...(headersByStatus[status] ?? []),
      ...codes.flatMap((code) => headersByCode[code] ?? []),
    ]),
    content: { 'application/json': { schema: { allOf: [refOf(errorShape), { properties: { error } }] } } },
  };
}
