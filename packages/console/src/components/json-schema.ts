/** Which fields a form needs for an answer of a JSON Schema, and the answer that is made of them. */
import { fieldsIn, textIn } from '@continuo/client/facts';

type Schema = Readonly<Record<string, unknown>>;

export type FieldKind = 'text' | 'number' | 'flag' | 'choice' | 'choices' | 'lines' | 'json';

export interface Field {
  /** Empty for an answer that is no object. */
  readonly name: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly kind: FieldKind;
  readonly options: readonly string[];
  readonly required: boolean;
  readonly initial: unknown;
  readonly whole: boolean;
}

/** The alternative that says most: a form is no place to choose between shapes. */
export function objectIn(schema: Schema): Schema | undefined {
  if (fieldsIn(schema, 'properties') !== undefined) return schema;
  for (const key of ['anyOf', 'oneOf']) {
    const alternatives = schema[key];
    if (!Array.isArray(alternatives)) continue;
    const found = alternatives.find((one: unknown) => fieldsIn(one as Schema, 'properties') !== undefined);
    if (found !== undefined) return found as Schema;
  }
  return undefined;
}

export function fieldsOf(schema: Schema): readonly Field[] {
  const object = objectIn(schema);
  const properties = object === undefined ? undefined : fieldsIn(object, 'properties');
  if (object === undefined || properties === undefined) return [toField('', schema, true)];
  const required = Array.isArray(object['required']) ? object['required'].map(String) : [];
  return Object.entries(properties).map(([name, property]) =>
    toField(name, property as Schema, required.includes(name)),
  );
}

function toField(name: string, schema: Schema, required: boolean): Field {
  const items = fieldsIn(schema, 'items');
  const wanted = kindOf(schema, items);
  // Lines can't show what has a line break in it, or nothing but spaces.
  const kind = wanted === 'lines' && !isLines(schema['default']) ? 'json' : wanted;
  const options = kind === 'choices' ? optionsOf(items) : optionsOf(schema);
  return {
    name,
    label: textIn(schema, 'title') ?? spelled(name),
    description: textIn(schema, 'description'),
    kind,
    options,
    required,
    initial: schema['default'],
    whole: schema['type'] === 'integer',
  };
}

function isLines(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === 'string' && linesIn(item).join('') === item && item !== '')
  );
}

function linesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function kindOf(schema: Schema, items: Schema | undefined): FieldKind {
  if (optionsOf(schema).length > 0) return 'choice';
  const type = Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type'];
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'flag';
  if (type === 'array' && optionsOf(items).length > 0) return 'choices';
  if (type === 'array' && items?.['type'] === 'string') return 'lines';
  return 'json';
}

function optionsOf(schema: Schema | undefined): readonly string[] {
  const values = schema?.['enum'];
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : [];
}

/** `startDate` as `Start date`. */
export function spelled(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type Filled = Readonly<Record<string, unknown>>;

/** What stands in a form at first: the defaults of its schema, each as its input shows it. What can't be shown isn't there. */
export function filledFirst(fields: readonly Field[]): Filled {
  return Object.fromEntries(fields.map((field) => [field.name, shownFirst(field)]));
}

function shownFirst({ kind, options, initial }: Field): unknown {
  if (kind === 'flag') return initial === true;
  if (kind === 'number') return typeof initial === 'number' ? initial : undefined;
  if (kind === 'choice') return options.find((option) => option === initial);
  if (kind === 'choices')
    return Array.isArray(initial) ? options.filter((option) => initial.includes(option)) : undefined;
  // An empty list is an answer; an empty box is none.
  return kind === 'lines' && Array.isArray(initial) && initial.length === 0 ? initial : writtenOf(kind, initial);
}

/** A value as it stands in a box for text; undefined for none. */
export function writtenOf(kind: FieldKind, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (kind === 'json') return JSON.stringify(value, undefined, 2);
  if (kind === 'lines' && Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Undefined for a field that was left empty. */
export function valueOf({ kind }: Field, given: unknown): unknown {
  if (kind === 'flag') return given === true;
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string') return given;
  if (kind === 'lines') return linesIn(given);
  if (kind === 'json') return JSON.parse(given) as unknown;
  return given;
}

/** Throws SyntaxError for JSON that is none. */
export function answerOf(fields: readonly Field[], filled: Filled): unknown {
  const [first] = fields;
  if (first?.name === '') return valueOf(first, filled['']);
  const entries = fields.map((field) => [field.name, valueOf(field, filled[field.name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
