/** JSON Schemas of other servers, without what only they can check: patterns, which one may write so that they take for ever. */
import { isObject } from '../platform/json-object.js';
import type { JsonSchema } from './task-context.js';

/** Other languages write patterns otherwise, too. The names of schemas are not to stand for those of others. */
const LEFT_OUT: ReadonlySet<string> = new Set(['pattern', 'patternProperties', 'format', 'contentSchema', '$id', 'id']);
/** What says "no" when a part inside says "yes": without its patterns it would refuse what fits. */
const TURNED: ReadonlySet<string> = new Set([
  'not',
  'if',
  'then',
  'else',
  'maxContains',
  'unevaluatedProperties',
  'unevaluatedItems',
]);
/** What has schemas by names, which are no keywords. */
const BY_NAME: ReadonlySet<string> = new Set([
  'properties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);
const VALUES: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'dependentRequired']);

/** Lets through all that `schema` does, and what only its patterns refuse. `schema` itself where it has none. */
export function withoutPatterns(schema: JsonSchema): JsonSchema {
  let has = false;
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isObject(value)) return value;
    const { additionalProperties, oneOf, ...rest } = value;
    const kept = Object.entries(rest).flatMap(([keyword, inner]): readonly (readonly [string, unknown])[] => {
      if (LEFT_OUT.has(keyword)) {
        has = true;
        return [];
      }
      if (TURNED.has(keyword)) {
        strip(inner);
        return [];
      }
      if (VALUES.has(keyword)) return [[keyword, inner]];
      return [[keyword, BY_NAME.has(keyword) ? named(inner) : strip(inner)]];
    });
    const others =
      additionalProperties === undefined || 'patternProperties' in rest
        ? []
        : [['additionalProperties', strip(additionalProperties)] as const];
    const stripped: Record<string, unknown> = Object.fromEntries([...kept, ...others]);
    // Of two that differ in a pattern both may fit now.
    const either = strip(oneOf);
    return oneOf === undefined || 'anyOf' in stripped ? stripped : { ...stripped, anyOf: either };
  };
  const named = (value: unknown): unknown =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strip(inner)])) : value;
  const stripped = strip(schema);
  return has && isObject(stripped) ? stripped : schema;
}
