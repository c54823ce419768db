/** Whether a JSON Schema that an MCP server wrote can be used, and whether a value fits it. */
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { withoutPatterns } from '@continuo/agent/internal/agents/foreign-schema.js';
import type { JsonSchema } from '@continuo/agent/internal/agents/task-context.js';
import { inTime, TookTooLong } from '@continuo/agent/internal/platform/in-time.js';
import { loadedLater } from '@continuo/agent/internal/platform/loaded-later.js';

/** A check holds up everybody. */
const MOST_MS = 1_000;
const lenient = { strict: false, validateFormats: false, logger: false } as const;
const require = createRequire(import.meta.url);

const validators = loadedLater(() => {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  return { draft7: new Ajv(lenient), current: new Ajv2020(lenient) };
});

/**
 * A check of values, that says in words what doesn't fit; patterns are not tried, and what takes too long to find out is
 * taken to fit. Throws for what is no schema or names parts that aren't there.
 */
export function checkOf(schema: JsonSchema): (value: unknown) => string | undefined {
  const validate = compiled(schema);
  return (value) => {
    try {
      if (inTime(MOST_MS, () => validate(value))) return undefined;
    } catch (error) {
      if (error instanceof TookTooLong) return undefined;
      throw error;
    }
    const [first] = validate.errors ?? [];
    return `${first?.instancePath || 'it'} ${first?.message ?? 'does not fit'}`;
  };
}

function compiled(schema: JsonSchema): ValidateFunction {
  const { $schema } = schema;
  const own = Object.fromEntries(
    Object.entries(withoutPatterns(schema)).filter(([name]) => name !== '$schema' && name !== '$id'),
  );
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
