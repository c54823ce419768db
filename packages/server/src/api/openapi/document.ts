/** The OpenAPI 3.1 document of what is offered over plain HTTP, made of the schemas that check its requests. */
import { z } from 'zod';
import type { Operation } from './operation.js';
import { operations } from './operations.js';
import { errorShape, named } from './shapes.js';

const REF = '#/components/schemas/';

/** JSON, the same for the same code. */
export function openApiDocument(): Readonly<Record<string, unknown>> {
  const { schemas } = z.toJSONSchema(named, { uri: (id) => `${REF}${id}`, unrepresentable: 'any' });
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: toOperation(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Continuo',
      version: '0.1.0',
      description:
        'Agents, tasks, sessions, webhooks and keys over plain HTTP. What speaks A2A is described by the cards of the agents.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)])),
    },
  };
}

function toOperation(operation: Operation) {
  const { id, summary, path, query, answer, stream = false, file = false, headers = [] } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter(String(name), 'path', true));
  const inQuery = Object.keys(query?.shape ?? {}).map((name) => parameter(name, 'query', false));
  const inHeader = [...(stream ? ['Last-Event-ID'] : []), ...(file ? ['Range'] : []), ...headers].map((name) =>
    parameter(name, 'header', false),
  );
  const type = stream ? 'text/event-stream' : 'application/json';
  return {
    operationId: id,
    summary,
    parameters: [...inPath, ...inQuery, ...inHeader],
    ...bodyOf(operation),
    responses: {
      ...(file ? aFile : answer === undefined ? nothing : { '200': toAnswer(type, { $ref: refOf(answer) }) }),
      default: { description: 'Refused', content: { 'application/json': { schema: { $ref: refOf(errorShape) } } } },
    },
  };
}

function bodyOf({ body, content }: Operation) {
  if (content !== undefined) return { requestBody: { content: { [content]: { schema: binary } } } };
  return body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: inputOf(body) } } } };
}

const binary = { type: 'string', format: 'binary' };
const toAnswer = (type: string, schema: object) => ({ description: 'The answer', content: { [type]: { schema } } });
const nothing = { '204': { description: 'Done' } };
const bytes = toAnswer('*/*', binary);
const aFile = { '200': bytes, '206': { ...bytes, description: 'The range that was asked for' } };

function parameter(name: string, where: 'path' | 'query' | 'header', required: boolean) {
  return { name, in: where, required, schema: { type: 'string' } };
}

function inputOf(schema: z.ZodType): unknown {
  return plain(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function refOf(schema: z.ZodType): string {
  const id = named.get(schema)?.id;
  if (id === undefined) throw new Error('An answer of the API needs a name in shapes.ts.');
  return `${REF}${id}`;
}

/** Without what is only noise inside a document. */
function plain({ $schema: _dialect, $id: _id, ...schema }: Readonly<Record<string, unknown>>) {
  return schema;
}
