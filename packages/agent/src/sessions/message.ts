/** A2A v1.0's Message and Part as JSON on the wire, with the checks that name the field at fault. */
import { z } from 'zod';
import { listOf } from '../platform/lists.js';

/** Proto3 JSON: null and absent both mean that the field is not set. */
function unset<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Proto3 JSON: an empty string, too, means that the field is not set. */
const optionalText = unset(z.string()).transform((value) => (value === '' ? undefined : value));
const optionalId = unset(z.string().max(256)).transform((value) => (value === '' ? undefined : value));
const metadata = unset(z.record(z.string(), z.unknown()));

/** `/files/…`: of this server, wherever it is. */
const ownPath = /^\/(?!\/)(?:[^?#]*\/)?files\/[^/?#]+(?:\?[^#]*)?$/;
const ADDRESS = 'expected a URL, or the path of a file of this server: /files/…';
/** An empty one is told from one that is left out when it is known what else the part has. */
const address = z.string().refine((url) => url === '' || z.url().safeParse(url).success || ownPath.test(url), {
  error: ADDRESS,
});

export const contentFields = ['text', 'raw', 'url', 'data'] as const;

type ContentField = (typeof contentFields)[number];

/** Those that have a value; where none has, those that are empty; `data: null` counts where there is nothing else. */
function contentIn(part: Readonly<Partial<Record<ContentField, unknown>>>): readonly ContentField[] {
  const given = contentFields.filter((name) => part[name] !== undefined);
  const set = given.filter((name) => part[name] !== null);
  const full = set.filter((name) => part[name] !== '');
  return [full, set].find((names) => names.length > 0) ?? given;
}

export const partSchema = z
  .object({
    text: unset(z.string()),
    raw: unset(z.base64()),
    url: unset(address),
    data: z.unknown().optional(),
    metadata,
    filename: optionalText,
    mediaType: optionalText,
  })
  .check(({ value, issues }) => {
    const found = contentIn(value);
    if (found.length === 1) {
      if (found[0] === 'url' && value.url === '') {
        issues.push({ code: 'custom', input: '', path: ['url'], message: ADDRESS });
      }
      return;
    }
    const names = found.length > 1 ? `, got ${found.join(' and ')}` : '';
    const message = `expected exactly one of ${contentFields.join(', ')}${names}`;
    issues.push({ code: 'custom', input: value, message });
  })
  .transform((part) => {
    const [content] = contentIn(part);
    const others = contentFields.filter((name) => name !== content && part[name] !== undefined);
    if (others.length === 0) return part;
    // Null or empty beside the content: not set, as ProtoJSON has it.
    return { ...part, ...(Object.fromEntries(others.map((name) => [name, undefined])) as Partial<typeof part>) };
  });

/** What is missing and what is empty is the same, so that both are told in the same words. */
const MESSAGE_ID = 'expected the id of the message: 1 to 256 characters';

export const messageSchema = z.object({
  messageId: z.string(MESSAGE_ID).min(1, MESSAGE_ID).max(256, MESSAGE_ID),
  contextId: optionalId,
  taskId: optionalId,
  role: z.enum(['ROLE_USER', 'ROLE_AGENT']),
  parts: listOf(partSchema, { min: 1 }),
  metadata,
  extensions: unset(listOf(z.string())),
  referenceTaskIds: unset(listOf(z.string())),
});

/**
 * A part of a message or an artifact, as A2A 1.0 has it in JSON (section 4.1.6): one of `text`, `raw`, `url` and
 * `data`.
 */
export interface Part {
  readonly text?: string | undefined;
  /** Base64. */
  readonly raw?: string | undefined;
  readonly url?: string | undefined;
  readonly data?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly filename?: string | undefined;
  readonly mediaType?: string | undefined;
}

/** A message, as A2A 1.0 has it in JSON (section 4.1.4). */
export interface Message {
  readonly messageId: string;
  readonly contextId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly role: 'ROLE_USER' | 'ROLE_AGENT';
  readonly parts: readonly Part[];
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly extensions?: readonly string[] | undefined;
  readonly referenceTaskIds?: readonly string[] | undefined;
}

/** Whether a part says a text and nothing else, as most do: there is nothing more to check in it, nor to read otherwise. */
export function isPlainText(part: unknown): part is { readonly text: string } {
  if (typeof part !== 'object' || part === null || !('text' in part) || typeof part.text !== 'string') return false;
  return Object.keys(part).length === 1;
}

/** The text of all parts, one after the other, with a line break between. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .map((part) => part.text)
    .filter((text) => text !== undefined)
    .join('\n');
}
