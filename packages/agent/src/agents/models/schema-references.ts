/** JSON Schemas in which parts name other parts: not every provider follows such a name. */
import { isObject } from '../../platform/json-object.js';
import { providerOfModel, type LanguageModel } from './language-model.js';

type Schema = Readonly<Record<string, unknown>>;

/** The provider whose adapter refuses the whole request for some of them. */
const WITHOUT_REFERENCES = 'google';
/** Values of all kinds. */
const MOST_PARTS = 20_000;

export function schemaFor(model: LanguageModel, schema: Schema): Schema {
  return providerOfModel(model) === WITHOUT_REFERENCES ? withoutReferences(schema) : schema;
}

/**
 * Each part that is named stands where its name was. One that contains itself, and what there would be beyond thousands of
 * values, is of any form.
 */
function withoutReferences(root: Schema): Schema {
  let parts = 0;
  const inlined = (value: unknown, within: readonly unknown[]): unknown => {
    parts += 1;
    if (Array.isArray(value)) return value.map((item) => inlined(item, within));
    if (!isObject(value)) return value;
    const { $ref, ...own } = value;
    if (typeof $ref !== 'string') return each(own, within);
    const named = atPointer(root, $ref);
    if (!isObject(named) || within.includes(named) || parts > MOST_PARTS) return { type: typeOf(named), ...own };
    return each({ ...named, ...own }, [...within, named]);
  };
  const each = (schema: Schema, within: readonly unknown[]): Schema =>
    Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, inlined(value, within)]));
  const { $defs: _, definitions: __, ...top } = root;
  return each(top, [root]);
}

function typeOf(schema: unknown): unknown {
  return isObject(schema) && schema['type'] !== undefined ? schema['type'] : 'object';
}

/** What `#/$defs/name` names; undefined for what isn't there, or not in this document. */
export function atPointer(root: Schema, pointer: string): unknown {
  if (!pointer.startsWith('#')) return undefined;
  const steps = pointer.slice(1).split('/').slice(1);
  let at: unknown = root;
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Schema)[name] : undefined;
  }
  return at;
}
