/** The OpenAPI 3.1 document of what is offered over plain HTTP, made of the schemas that check its requests. */
import { securityOfDocument, type CardAuth } from '../../auth/security-schemes.js';
import { refusalsOf } from './errors.js';
import { answerHeaders, headersOf, requestHeaders, type AnswerHeader, type RequestHeader } from './headers.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';
import { inputOf, namedSchemas, parameterOf, refOf } from './schema-json.js';
import { tagList, tagOf } from './tags.js';

const description = `Agents, tasks, sessions, memories, files, webhooks and keys over plain HTTP. What speaks A2A is described by the
cards of the agents.

Lists come in pages: \`nextPageToken\` of an answer is \`pageToken\` of the next call, and empty on the last page. Errors are
\`google.rpc.Status\` as A2A has it; \`error.details[0].reason\` is a stable code. What a 429 or 503 refuses was not done; \`Retry-After\`
says when to try again. Requests with an \`Idempotency-Key\` can be sent again after any failure.`;

/** Where nothing is known of a configuration: with keys. */
const usualAuth: CardAuth = { schemes: ['keys'], issuer: undefined, oauthFlows: {}, mtls: false };

const tenant = {
  name: 'tenant',
  in: 'query',
  description: "The tenant that the call is meant for; one that isn't the caller's is refused.",
  schema: { type: 'string' },
};

/** JSON, the same for the same code and `auth`. */
export function openApiDocument(auth: CardAuth = usualAuth): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  const responses: Record<string, unknown> = {};
  const bodies: Record<string, unknown> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: toOperation(operation, responses) };
    if (operation.body !== undefined) {
      bodies[bodyName(operation)] = { description: `The body of \`${operation.id}\`.`, ...inputOf(operation.body) };
    }
  }
  const { securitySchemes, security } = securityOfDocument(auth);
  return {
    openapi: '3.1.0',
    info: { title: 'Continuo', version: '0.1.0', description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: 'http://127.0.0.1:4000' }],
    security,
    tags: tagList,
    paths,
    components: {
      securitySchemes,
      parameters: { tenant },
      headers: answerHeaders,
      responses: Object.fromEntries(Object.entries(responses).toSorted(([one], [other]) => (one < other ? -1 : 1))),
      schemas: { ...namedSchemas(), ...bodies },
    },
  };
}

function toOperation(operation: Operation, responses: Record<string, unknown>) {
  const { id, summary, access } = operation;
  const said = operation.description === undefined ? [] : [operation.description];
  const needs = access === 'public' ? 'For everybody.' : `Needs the scope \`${access}\`.`;
  return {
    operationId: id,
    tags: [tagOf(operation.path)],
    summary,
    description: [...said, needs].join('\n\n'),
    ...(access === 'public' ? { security: [] } : {}),
    parameters: parametersOf(operation),
    ...bodyOf(operation),
    responses: { ...successes(operation), ...refusalsOf(operation, responses) },
  };
}

function parametersOf({ path, query, stream, file, headers = [], idempotent, access, method }: Operation) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { description: said, schema: told } = parameterOf(schema);
    const list = told['type'] === 'array' ? { style: 'form', explode: false } : {};
    return { name, in: 'query', ...(said === undefined ? {} : { description: said }), ...list, schema: told };
  });
  const inHeader = [
    ...(stream === true ? (['Last-Event-ID'] as const) : []),
    ...(file === true && method === 'get' ? (['Range', 'If-None-Match', 'If-Range'] as const) : []),
    ...(idempotent === true ? (['Idempotency-Key'] as const) : []),
    ...headers,
  ].map(headerParameter);
  const shared = access === 'public' ? [] : [{ $ref: '#/components/parameters/tenant' }];
  return [...inPath, ...inQuery, ...shared, ...inHeader];
}

function headerParameter(name: RequestHeader) {
  return { name: name.replace(/ \(.*\)$/, ''), in: 'header', ...requestHeaders[name] };
}

/** `CreateTaskBody`. */
function bodyName({ id }: Operation): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}Body`;
}

function bodyOf(operation: Operation) {
  const { body, bodyOptional = false, content } = operation;
  if (content !== undefined) return { requestBody: { required: false, content: { [content]: { schema: bytes } } } };
  if (body === undefined) return {};
  const schema = { $ref: `#/components/schemas/${bodyName(operation)}` };
  return {
    requestBody: {
      required: !bodyOptional,
      content: { 'application/json': { schema }, 'application/*+json': { schema } },
    },
  };
}

/** Bytes as they are: in OpenAPI 3.1 a schema that says nothing of its instances. */
const bytes = { type: 'string', format: 'binary' };

const fileHeaders = ['ETag', 'Accept-Ranges', 'Content-Disposition'] as const;

function successes(operation: Operation): Readonly<Record<string, unknown>> {
  const { answer, stream = false, file = false, statuses = answer === undefined ? [204] : [200], method } = operation;
  const also = operation.answerHeaders ?? [];
  if (operation.text !== undefined) {
    const content = { [operation.text]: { schema: { type: 'string' } } };
    return { '200': { description: STATUSES[200], headers: withId(...also), content } };
  }
  if (file) {
    const content = method === 'head' ? {} : { content: { '*/*': { schema: bytes } } };
    const range = { ...content, headers: withId(...fileHeaders, 'Content-Range', ...also) };
    return {
      '200': { description: 'The content.', headers: withId(...fileHeaders, ...also), ...content },
      ...(operation.statuses?.includes(204) === true
        ? { '204': { description: NOTHING, headers: withId(...also) } }
        : {}),
      '206': { description: 'The range that was asked for.', ...range },
      '304': { description: 'The client has it.', headers: withId(...fileHeaders) },
      '416': { description: 'The range lies behind the end.', headers: withId(...fileHeaders, 'Content-Range') },
    };
  }
  return Object.fromEntries(
    statuses.map((status): readonly [number, unknown] => {
      if (status === 204 || answer === undefined) {
        return [status, { description: stream ? 'There is nothing more to come.' : NOTHING, headers: withId(...also) }];
      }
      const schema = refOf(answer);
      // 3.1 has no word for what the events of a stream are; 3.2 calls it itemSchema.
      const content = stream
        ? { 'text/event-stream': { schema: { type: 'string' }, 'x-event-data': schema } }
        : { 'application/json': { schema } };
      return [status, { description: STATUSES[status], headers: withId(...also), content }];
    }),
  );
}

const NOTHING = 'Done; there is nothing to tell.';
const STATUSES = { 200: 'The answer.', 201: 'What was made.' } as const;

function withId(...names: readonly AnswerHeader[]) {
  return headersOf(['X-Request-Id', ...names]);
}
