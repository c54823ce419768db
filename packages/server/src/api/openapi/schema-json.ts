/** Zod's schemas as the JSON Schema of the document, without what is noise there. */
import { z } from 'zod';
import { descriptions } from './descriptions.js';
import { named } from './shapes.js';

const REF = '#/components/schemas/';

type Json = Record<string, unknown>;

/** The schemas that carry names, for `components`. Throws for one that nothing is said of. */
export function namedSchemas(): Readonly<Record<string, unknown>> {
  const { schemas } = z.toJSONSchema(named, {
    uri: (id) => `${REF}${id}`,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      simplify(jsonSchema);
      // Answers get more members with time, and clients are to pass over them.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const description = descriptions[id];
      if (description === undefined) throw new Error(`The schema ${id} needs a description in descriptions.ts.`);
      return [id, { description, ...plain(schema) }];
    }),
  );
}

/** What a request may have where the server checks it with `schema`. */
export function inputOf(schema: z.ZodType): Json {
  return plain(
    z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => simplify(jsonSchema),
    }),
  );
}

/** What a parameter in a query may be: what it stands for, as `query-parameters.ts` says it, and not only that it is text. */
export function parameterOf(schema: z.ZodType): { readonly description?: unknown; readonly schema: Json } {
  const { description, parameter, ...rest } = inputOf(schema);
  return { ...(description === undefined ? {} : { description }), schema: (parameter as Json | undefined) ?? rest };
}

/** Throws for a schema that `shapes.ts` has no name for. */
export function refOf(schema: z.ZodType): { readonly $ref: string } {
  const id = named.get(schema)?.id;
  if (id === undefined) throw new Error('An answer of the API needs a name in shapes.ts.');
  return { $ref: `${REF}${id}` };
}

function simplify(schema: Json): void {
  // The format says it; the pattern of it is hundreds of characters.
  if (schema['format'] !== undefined) delete schema['pattern'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (JSON.stringify(schema['propertyNames']) === '{"type":"string"}') delete schema['propertyNames'];
}

function plain({ $schema: _dialect, $id: _id, id: _name, ...schema }: Json): Json {
  return schema;
}
