/** Whether a JSON Schema that an MCP server wrote can be used, and whether a value fits it. */
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { JsonSchema } from '@continuo/agent/internal/agents/task-context.js';
import { loadedLater } from '@continuo/agent/internal/platform/loaded-later.js';

/** Patterns are not tried: other languages write them otherwise, and one may take forever. */
const anyText = Object.assign(() => ({ test: () => true }), { code: '() => ({ test: () => true })' });
const lenient = { strict: false, validateFormats: false, logger: false, code: { regExp: anyText } } as const;
const require = createRequire(import.meta.url);

const validators = loadedLater(() => {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  return { draft7: new Ajv(lenient), current: new Ajv2020(lenient) };
});

/** A check of values, that says in words what doesn't fit. Throws for what is no schema or names parts that aren't there. */
export function checkOf(schema: JsonSchema): (value: unknown) => string | undefined {
  const validate = compiled(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath || 'it'} ${first?.message ?? 'does not fit'}`;
  };
}

function compiled(schema: JsonSchema): ValidateFunction {
  const { $schema } = schema;
  const own = Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
  const { current, draft7 } = validators();
  const isOld = typeof $schema === 'string' && $schema.includes('draft-0');
  const drafts = $schema === undefined ? [current, draft7] : [isOld ? draft7 : current];
  let problem: unknown;
  for (const ajv of drafts) {
    try {
      return ajv.compile(own);
    } catch (error) {
      problem ??= error;
    } finally {
      ajv.removeSchema(own);
    }
  }
  throw problem;
}
