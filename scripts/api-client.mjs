/** Writes the OpenAPI document and the client's types of it; with --check, only says whether they are up to date. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, prepared, root } from './prepare.mjs';

prepared(ensureInstalled);
// The server, and what of the client it needs. The client itself may not compile before it has the types of what is new.
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { stdout } = spawnSync(process.execPath, [compiler, '-b', 'packages/server', '--pretty', 'false'], {
  cwd: root,
  encoding: 'utf8',
});
const wrong = stdout.split('\n').filter((line) => line.startsWith('packages/server/') || line.startsWith('error'));
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
const { openApiDocument } = await import('../packages/server/dist/api/openapi/document.js');
const api = openApiDocument();

const written = {
  'packages/server/openapi.json': `${JSON.stringify(api, undefined, 2)}\n`,
  'packages/client/src/schema.generated.ts': toTypeScript(api),
};
for (const [path, wanted] of Object.entries(written)) {
  if (!process.argv.includes('--check')) writeFileSync(join(root, path), wanted);
  else if (read(join(root, path)) !== wanted) {
    console.error(`${path} is stale. Run: node scripts/api-client.mjs`);
    process.exitCode = 1;
  }
}

/** An interface for each schema, the types of each operation, and a table of where they are. */
function toTypeScript({ components, paths }) {
  const types = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema)}export type ${nameOf(name)} = ${typeOf(schema)};`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
      parameters: operation.parameters.map((parameter) => resolved(components, parameter)),
    })),
  );
  const signatures = operations.map(({ operationId, summary, parameters, requestBody, responses }) => {
    const fields = [
      ['path', named(parameters, 'path')],
      ['query?', named(parameters, 'query')],
      [requestBody?.required ? 'body' : 'body?', bodyOf(requestBody)],
      ['answer', answerOf(responses)],
    ];
    const given = fields.filter(([, type]) => type !== undefined).map(([name, type]) => `${name}: ${type};`);
    return `  /** ${summary}. */\n  ${operationId}: { ${given.join(' ')} };`;
  });
  const table = operations.map(({ operationId, method, path, parameters }) => {
    const idempotent = parameters.some(({ name }) => name === 'Idempotency-Key');
    return `  ${operationId}: { method: '${method}', path: '${path}', takesKey: ${idempotent} },`;
  });
  return [
    '/** Generated from the OpenAPI document by scripts/api-client.mjs; not to be edited. */',
    ...types,
    '',
    '/** What each operation takes and answers; of a stream `answer` is the data of its events. */',
    'export interface Operations {',
    ...signatures,
    '}',
    '',
    '/** Where the operations are; `takesKey`: those that take an `Idempotency-Key`. */',
    'export const operations = {',
    ...table,
    '} as const;',
    '',
  ].join('\n');
}

function resolved(components, parameter) {
  return parameter.$ref === undefined ? parameter : components.parameters[parameter.$ref.split('/').at(-1)];
}

function bodyOf(requestBody) {
  const schema = requestBody?.content['application/json']?.schema;
  return schema === undefined ? undefined : typeOf(schema);
}

/** What comes with success: JSON, the data of a stream's events, or nothing that has a type. */
function answerOf(responses) {
  const contents = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    status.startsWith('2') ? Object.entries(content) : [],
  );
  for (const [type, { schema, 'x-event-data': event }] of contents) {
    if (event !== undefined) return typeOf(event);
    if (type === 'application/json') return typeOf(schema);
  }
  return 'undefined';
}

function named(parameters, where) {
  const of = parameters.filter((parameter) => parameter.in === where);
  if (of.length === 0) return undefined;
  const fields = of.map((parameter) => {
    const { name, required = false, schema } = parameter;
    const optional = required ? '' : ' | undefined';
    return `${comment(parameter)}readonly ${name}${required ? '' : '?'}: ${typeOf(schema)}${optional};`;
  });
  return `{ ${fields.join(' ')} }`;
}

function comment({ description }) {
  return description === undefined ? '' : `/** ${description.replaceAll('*/', '* /')} */ `;
}

/** A JSON Schema, as far as the document uses it, as a TypeScript type. */
function typeOf(schema) {
  if (schema.$ref !== undefined) return nameOf(schema.$ref.split('/').at(-1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return either.map(typeOf).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return `readonly (${typeOf(schema.items ?? {})})[]`;
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'object') return objectOf(schema);
  return ['string', 'boolean', 'null'].includes(schema.type) ? schema.type : 'unknown';
}

function objectOf({ properties = {}, required = [], additionalProperties }) {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?';
    return `${comment(schema)}readonly ${JSON.stringify(name)}${optional}: ${typeOf(schema)}${optional === '' ? '' : ' | undefined'};`;
  });
  const open = typeof additionalProperties === 'object';
  if (open) fields.push(`readonly [name: string]: ${fields.length === 0 ? typeOf(additionalProperties) : 'unknown'};`);
  return `{ ${fields.join(' ')} }`;
}

/** Error is a type of the language. */
function nameOf(name) {
  return name === 'Error' ? 'ErrorAnswer' : name;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
