/** What all strict providers look at alike: the raw body, white space, the bytes of files, and how long a prompt is. */
import { z } from 'zod';

/** The body, read as the providers read it: they refuse halves of surrogate pairs. Throws what is wrong with it. */
export function readBody(raw: Uint8Array): unknown {
  const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  if (!isWellFormed(body)) throw new Error('no low surrogate in string');
  return body;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** A JSON object, as providers want it as the arguments of a call. */
export const objectSchema = z.record(z.string(), z.unknown());

/** How many tools OpenAI takes. */
const MOST_TOOLS = 128;

/** In OpenAI's words; `tools`: of the request. */
export function flawOfCount(tools: readonly unknown[] = []): string | undefined {
  if (tools.length <= MOST_TOOLS) return undefined;
  return `Invalid 'tools': array too long. Expected an array with maximum length ${MOST_TOOLS}, but got an array with length ${tools.length} instead.`;
}

const begins: readonly (readonly [type: string, bytes: string])[] = [
  ['image/png', '89504e47'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '47494638'],
  ['image/webp', '52494646'],
  ['application/pdf', '25504446'],
];

/** Whether the content is of the type that it is called, as far as its first bytes tell; base64. */
export function isReallyOf(mediaType: string, base64: string): boolean {
  const content = Buffer.from(base64, 'base64');
  if (content.length === 0) return false;
  const begin = begins.find(([type]) => type === mediaType)?.[1];
  return begin === undefined || content.toString('hex').startsWith(begin);
}

/** A `data:` URL, taken apart; undefined for what is none. */
export function readDataUrl(url: string): { readonly mediaType: string; readonly base64: string } | undefined {
  const [, mediaType, base64] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType === undefined || base64 === undefined ? undefined : { mediaType, base64 };
}

/** About what real tokenizers count: four letters of ASCII are a token, any other character is one. A file is 1,000. */
export function tokensOf(value: unknown): number {
  if (typeof value === 'string') {
    if (value.length > 1_000 && /^(?:data:[^,]+,)?[A-Za-z0-9+/=]+$/.test(value)) return 1_000;
    const other = Array.from(value).filter((character) => (character.codePointAt(0) ?? 0) > 0x7f).length;
    return other + Math.ceil((Array.from(value).length - other) / 4);
  }
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + tokensOf(inner), 1);
}

/** The first thing that is wrong, as `check` finds them, one after the other. */
export function firstOf(...checks: readonly (string | undefined | (() => string | undefined))[]): string | undefined {
  for (const check of checks) {
    const found = typeof check === 'function' ? check() : check;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first flaw of any item. */
export function flawIn<Item>(
  items: readonly Item[],
  flawOf: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const flaw = flawOf(item, index);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

/** What doesn't fit the schema, as `messages.0.content: …`; of alternatives, where the one that goes furthest fails. */
export function misfit(schema: z.ZodType, value: unknown): string | undefined {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const { path, message } = deepest(issue);
  return `${path.join('.')}: ${message}`;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function deepest(issue: z.core.$ZodIssue): Issue {
  const inner = issue.code === 'invalid_union' ? issue.errors.flatMap((branch) => branch.slice(0, 1).map(deepest)) : [];
  const [furthest] = inner.toSorted((one, other) => other.path.length - one.path.length);
  const known = furthest !== undefined && furthest.path.length > 0;
  return known ? { ...furthest, path: [...issue.path, ...furthest.path] } : issue;
}
