/** One object schema out of one that offers several at its top, which some providers refuse together with the whole request. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../../platform/json-object.js';
import type { JsonSchema } from '../../task-context.js';
import { atPointer } from '../../models/schema-references.js';

/** What such providers take only below the top. */
const BELOW_THE_TOP: ReadonlySet<string> = new Set([
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'enum',
  'const',
  '$ref',
  'dependentSchemas',
]);
const MOST_LEVELS = 16;

interface Shape {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

type Join = 'allOf' | 'anyOf';

/**
 * All properties that one of the alternatives has, required what all of them require. It lets more through than `schema`,
 * so whoever runs the tool has to check what comes. `schema` itself where there is nothing to change; undefined when no
 * object fits it.
 */
export function foldedSchema(schema: JsonSchema): JsonSchema | undefined {
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !BELOW_THE_TOP.has(keyword)));
  if (Object.keys(kept).length === Object.keys(schema).length) {
    return schema['properties'] === undefined ? { ...schema, properties: {} } : schema;
  }
  const shape = shapeOf(schema, schema, 0);
  if (shape === undefined) return undefined;
  const { required: _, ...rest } = kept;
  const { properties, required } = shape;
  return { ...rest, type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** Undefined for what no object fits. */
function shapeOf(schema: unknown, root: JsonSchema, level: number): Shape | undefined {
  if (schema === false) return undefined;
  if (!isObject(schema) || level > MOST_LEVELS) return { properties: {}, required: [] };
  const { type, properties, required, $ref, anyOf, oneOf, allOf } = schema;
  if (type !== undefined && !(Array.isArray(type) ? type : [type]).includes('object')) return undefined;
  const shapes: (Shape | undefined)[] = [
    {
      properties: isObject(properties) ? properties : {},
      required: Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [],
    },
  ];
  if (typeof $ref === 'string') shapes.push(shapeOf(atPointer(root, $ref), root, level + 1));
  const below = (all: unknown): readonly (Shape | undefined)[] =>
    Array.isArray(all) ? all.map((one) => shapeOf(one, root, level + 1)) : [];
  shapes.push(...below(allOf));
  for (const choice of [anyOf, oneOf]) {
    if (Array.isArray(choice)) shapes.push(eitherOf(below(choice)));
  }
  return shapes.every((shape) => shape !== undefined) ? bothOf(shapes) : undefined;
}

function bothOf(shapes: readonly Shape[]): Shape {
  return {
    properties: merged(shapes, 'allOf'),
    required: [...new Set(shapes.flatMap(({ required }) => required))],
  };
}

function eitherOf(choice: readonly (Shape | undefined)[]): Shape | undefined {
  const shapes = choice.filter((shape) => shape !== undefined);
  const [first] = shapes;
  if (first === undefined) return undefined;
  return {
    properties: merged(shapes, 'anyOf'),
    required: first.required.filter((name) => shapes.every(({ required }) => required.includes(name))),
  };
}

function merged(shapes: readonly Shape[], join: Join): Shape['properties'] {
  const all = new Map<string, unknown[]>();
  for (const { properties } of shapes) {
    for (const [name, schema] of Object.entries(properties)) {
      const known = all.get(name) ?? [];
      if (!known.some((other) => isDeepStrictEqual(other, schema))) all.set(name, [...known, schema]);
    }
  }
  return Object.fromEntries(
    [...all].map(([name, schemas]) => [name, schemas.length > 1 ? { [join]: schemas } : schemas[0]]),
  );
}
