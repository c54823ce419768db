/** Writes the OpenAPI document and the console's types of it; with --check, only says whether they are up to date. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, prepared, root } from './prepare.mjs';

prepared(ensureInstalled);
// The server alone: the console does not compile before it has the types of what is new.
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-b', 'packages/server'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(1);
const { openApiDocument } = await import('../packages/server/dist/api/openapi/document.js');
const api = openApiDocument();

const written = {
  'packages/server/openapi.json': `${JSON.stringify(api, undefined, 2)}\n`,
  'packages/console/src/api/schema.generated.ts': toTypeScript(api),
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
    ([name, schema]) => `export type ${nameOf(name)} = ${typeOf(schema)};`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  const signatures = operations.map(({ operationId, parameters, requestBody, responses }) => {
    const answer = Object.values(responses['200']?.content ?? {})[0];
    const fields = [
      ['path', named(parameters, 'path')],
      ['query?', named(parameters, 'query')],
      ['body', requestBody === undefined ? undefined : typeOf(Object.values(requestBody.content)[0].schema)],
      ['answer', answer === undefined ? 'undefined' : typeOf(answer.schema)],
    ];
    const given = fields.filter(([, type]) => type !== undefined).map(([name, type]) => `${name}: ${type};`);
    return `  ${operationId}: { ${given.join(' ')} };`;
  });
  const table = operations.map(
    ({ operationId, method, path }) => `  ${operationId}: { method: '${method}', path: '${path}' },`,
  );
  return [
    '/** Generated from the OpenAPI document by scripts/api-client.mjs; not to be edited. */',
    ...types,
    '',
    'export interface Operations {',
    ...signatures,
    '}',
    '',
    'export const operations = {',
    ...table,
    '} as const;',
    '',
  ].join('\n');
}

function named(parameters, where) {
  const names = parameters.filter((parameter) => parameter.in === where);
  if (names.length === 0) return undefined;
  return `{ ${names.map(({ name, required }) => `${name}${required ? '' : '?'}: string${required ? '' : ' | undefined'};`).join(' ')} }`;
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
    return `${JSON.stringify(name)}${optional}: ${typeOf(schema)}${optional === '' ? '' : ' | undefined'};`;
  });
  const open = typeof additionalProperties === 'object';
  if (open) fields.push(`[name: string]: ${fields.length === 0 ? typeOf(additionalProperties) : 'unknown'};`);
  return `{ ${fields.map((field) => `readonly ${field}`).join(' ')} }`;
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
