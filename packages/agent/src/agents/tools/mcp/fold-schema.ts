/** One object schema out of one that offers several at its top, which some providers refuse together with the whole request. */
import { TerminalError } from '../../../platform/errors.js';
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
/** Of a schema whose parts name each other there may be more to put together than anybody has written. */
const MOST_PARTS = 5_000;
const MOST_LEVELS = 200;
const MOST_CHARACTERS = 1_000_000;
/** What a property costs beside its characters. */
const PROPERTY = 50;

interface Shape {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: ReadonlySet<string>;
}

type Join = 'allOf' | 'anyOf';

/**
 * All properties that one of the alternatives has, required what all of them require. It lets more through than `schema`,
 * so whoever runs the tool has to check what comes. `schema` itself where there is nothing to change; undefined when no
 * object fits it. Throws TerminalError where there are thousands of parts to put together, or a
 * million characters.
 */
export function foldedSchema(schema: JsonSchema): JsonSchema | undefined {
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !BELOW_THE_TOP.has(keyword)));
  if (Object.keys(kept).length === Object.keys(schema).length) {
    return schema['properties'] === undefined ? { ...schema, properties: {} } : schema;
  }
  const shape = new Folding(schema).shapeOf(schema, []);
  if (shape === undefined) return undefined;
  const { required: _, ...rest } = kept;
  const { properties, required } = shape;
  return { ...rest, type: 'object', properties, ...(required.size > 0 ? { required: [...required] } : {}) };
}

/** Counts what it does, so that it ends. */
class Folding {
  #parts = 0;
  #characters = 0;
  readonly #texts = new WeakMap<object, string>();

  constructor(private readonly root: JsonSchema) {}

  /** Undefined for what no object fits. What is `within` itself says nothing more. */
  shapeOf(schema: unknown, within: readonly unknown[]): Shape | undefined {
    if (schema === false) return undefined;
    if (!isObject(schema) || within.includes(schema)) return { properties: {}, required: new Set() };
    this.#countPart(within.length);
    const { type, properties, required, $ref, anyOf, oneOf, allOf } = schema;
    const types: readonly unknown[] = Array.isArray(type) ? type : [type];
    this.#count(types.length + (Array.isArray(required) ? required.length : 0));
    if (type !== undefined && !types.includes('object')) return undefined;
    const own: Shape = {
      properties: isObject(properties) ? properties : {},
      required: new Set(Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []),
    };
    const inside = [...within, schema];
    const below = (all: unknown): readonly (Shape | undefined)[] =>
      Array.isArray(all) ? all.map((one) => this.shapeOf(one, inside)) : [];
    const shapes: (Shape | undefined)[] = [own];
    if (typeof $ref === 'string') {
      this.#count($ref.length);
      shapes.push(this.shapeOf(atPointer(this.root, $ref), inside));
    }
    for (const shape of below(allOf)) shapes.push(shape);
    for (const choice of [anyOf, oneOf]) {
      if (Array.isArray(choice)) shapes.push(this.#eitherOf(below(choice)));
    }
    return shapes.every((shape) => shape !== undefined) ? this.#bothOf(shapes) : undefined;
  }

  #bothOf(shapes: readonly Shape[]): Shape {
    const [first, ...others] = shapes;
    if (first !== undefined && others.length === 0) return first;
    return {
      properties: this.#merged(shapes, 'allOf'),
      required: new Set(shapes.flatMap(({ required }) => [...required])),
    };
  }

  #eitherOf(choice: readonly (Shape | undefined)[]): Shape | undefined {
    const shapes = choice.filter((shape) => shape !== undefined);
    const [first] = shapes;
    if (first === undefined) return undefined;
    return {
      properties: this.#merged(shapes, 'anyOf'),
      required: new Set([...first.required].filter((name) => shapes.every(({ required }) => required.has(name)))),
    };
  }

  #merged(shapes: readonly Shape[], join: Join): Shape['properties'] {
    const all = new Map<string, Map<string, unknown>>();
    for (const { properties, required } of shapes) {
      for (const name of required) this.#count(name.length + 1);
      for (const [name, schema] of Object.entries(properties)) {
        const known = all.get(name);
        const text = this.#textOf(schema);
        this.#count(PROPERTY + name.length + text.length);
        if (known === undefined) all.set(name, new Map([[text, schema]]));
        else if (!known.has(text)) known.set(text, schema);
      }
    }
    return Object.fromEntries(
      Array.from(all, ([name, schemas]): readonly [string, unknown] => {
        const [first, ...others] = schemas.values();
        return [name, others.length > 0 ? { [join]: [first, ...others] } : first];
      }),
    );
  }

  /** The same for parts that are alike; those that were written once are put into words once. */
  #textOf(schema: unknown): string {
    if (!isObject(schema)) return JSON.stringify(schema) ?? '';
    const known = this.#texts.get(schema);
    if (known !== undefined) return known;
    const text = JSON.stringify(schema);
    this.#texts.set(schema, text);
    return text;
  }

  #countPart(level: number): void {
    this.#parts += 1;
    if (level > MOST_LEVELS) throw tooMuch(`${MOST_LEVELS} levels`);
    if (this.#parts > MOST_PARTS) throw tooMuch(`${MOST_PARTS} parts`);
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters > MOST_CHARACTERS) throw tooMuch(`${MOST_CHARACTERS} characters`);
  }
}

function tooMuch(most: string): TerminalError {
  return new TerminalError(`the alternatives at its top come to more than ${most}`);
}
