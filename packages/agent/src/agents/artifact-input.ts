/** What agents say of an artifact beside its content: refused by name where clients could make nothing of it. */
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
import { isObject } from '../platform/json-object.js';
import { firstInWords } from '../platform/parse.js';
import { isStorableText } from '../platform/storable.js';
import type { Artifact } from '../tasks/task.js';

const LONGEST_ID = 500;
const EXPECTED_ID = `expected 1 to ${LONGEST_ID} characters, without NUL and halves of surrogate pairs`;
const TEXT = 'expected text';

/** Whether an artifact can have it as its id, which names it in addresses and in an index. */
export function isArtifactId(id: string): boolean {
  return id !== '' && id.length <= LONGEST_ID && isStorableText(id);
}

/** Null is as good as absent, as in JSON of others. */
function unset<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

function isPlain(value: unknown): boolean {
  return isObject(value) && !('toJSON' in value);
}

/** The metadata of an artifact or of a call. */
export const givenMetadata = unset(z.custom<Readonly<Record<string, unknown>>>(isPlain, 'expected an object'));

const schema = z.object(
  {
    artifactId: unset(z.string(EXPECTED_ID).refine(isArtifactId, EXPECTED_ID)),
    name: unset(z.string(TEXT)),
    description: unset(z.string(TEXT)),
    metadata: givenMetadata,
    extensions: unset(z.array(z.string(TEXT), 'expected a list of texts')),
  },
  'expected an object that says what the artifact is',
);

/** `input` as it was checked. Throws TerminalError, which begins with `method`, what the agent has called with it. */
export function checkArtifact(method: string, input: unknown): Partial<Omit<Artifact, 'parts'>> {
  return checkGiven(schema, method, input);
}

/** `given` as `schema` reads it. Throws TerminalError, which says where what is wrong stands. */
export function checkGiven<Output>(form: z.ZodType<Output>, method: string, given: unknown): Output {
  const read = form.safeParse(given);
  if (read.success) return read.data;
  throw new TerminalError(`${method}: ${firstInWords(read.error)}.`);
}
