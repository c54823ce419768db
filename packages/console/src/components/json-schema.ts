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
  const kind = kindOf(schema, items);
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

/** What stands in a form at first: the defaults of its schema. */
export function filledFirst(fields: readonly Field[]): Filled {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]));
}

/** Undefined for a field that was left empty. */
export function valueOf({ kind }: Field, given: unknown): unknown {
  if (kind === 'flag') return given === true;
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string') return given;
  if (kind === 'lines')
    return given
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
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
