/** Checks what comes from outside; what is wrong is named by its path: `message.parts[0]`. */
import type { z } from 'zod';
import { ContinuoError, invalidArgument } from './errors.js';
import { isStorableText, MOST_LEVELS } from './storable.js';
import { cut } from './text.js';

/** Segments of a path that are worth reading. */
const MOST_NAMED = 10;
/** Of the name of a member. */
const MOST_CHARACTERS = 100;

/**
 * `value` as `schema` reads it, which can be stored then. Throws INVALID_ARGUMENT, its `field` beginning with `root`,
 * with the first thing wrong.
 */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown, root = ''): Output {
  const result = schema.safeParse(value);
  if (!result.success) throw toInvalidArgument(result.error, root);
  const flaw = findFlaw(result.data);
  if (flaw !== undefined) throw invalidArgument(pathOf(root, flaw.path.slice(0, MOST_NAMED)), flaw.expected);
  return result.data;
}

interface Flaw {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/**
 * What PostgreSQL's JSON can't hold: U+0000, half of a surrogate pair, more levels than its parser's stack, and numbers
 * that are none any more.
 */
function findFlaw(value: unknown, level = 0): Flaw | undefined {
  if (typeof value === 'string') {
    return isStorableText(value) ? undefined : { path: [], expected: 'well-formed text without U+0000' };
  }
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : { path: [], expected: 'a number below 1.8e308' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (level >= MOST_LEVELS) return { path: [], expected: `at most ${MOST_LEVELS} levels of JSON` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const flaw = findFlaw(value[index], level + 1);
      if (flaw !== undefined) return { ...flaw, path: [index, ...flaw.path] };
    }
    return undefined;
  }
  for (const key in value) {
    if (!isStorableText(key)) return { path: [], expected: 'keys of well-formed text without U+0000' };
    const flaw = findFlaw((value as Readonly<Record<string, unknown>>)[key], level + 1);
    if (flaw !== undefined) return { ...flaw, path: [key, ...flaw.path] };
  }
  return undefined;
}

/** What `error` says first, as INVALID_ARGUMENT. */
function toInvalidArgument(error: z.ZodError, root = ''): ContinuoError {
  const { path, expected } = firstOf(error);
  return invalidArgument(pathOf(root, path), expected);
}

export interface Problem {
  readonly path: readonly PropertyKey[];
  /** Completes "expected …". */
  readonly expected: string;
}

/** All that `error` says, in its order. */
export function problemsOf({ issues }: z.ZodError): readonly Problem[] {
  return issues.flatMap((one) => {
    const { issue, path } = firstIssue([one], []);
    return issue === undefined ? [] : [{ path, expected: expectedOf(issue) }];
  });
}

/** The same as a sentence: `steps: expected a number >=1; delayMs: expected number`. */
export function inWords(error: z.ZodError): string {
  return problemsOf(error).map(worded).join('; ');
}

/** The first of it. */
export function firstInWords(error: z.ZodError): string {
  return worded(firstOf(error));
}

function firstOf(error: z.ZodError): Problem {
  return problemsOf(error)[0] ?? { path: [], expected: 'something else' };
}

function worded({ path, expected }: Problem): string {
  return `${path.length === 0 ? '' : `${pathOf('', path)}: `}expected ${expected}`;
}

interface Found {
  readonly issue: z.core.$ZodIssue | undefined;
  readonly path: readonly PropertyKey[];
}

/** Of a union, what the alternative that got furthest says. */
function firstIssue(issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[]): Found {
  const issue = issues[0];
  if (issue === undefined) return { issue, path: above };
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return { issue, path: [...path, ...issue.keys.slice(0, 1)] };
  if (issue.code !== 'invalid_union') return { issue, path };
  const inside = issue.errors.map((alternative) => firstIssue(alternative, path));
  return inside.toSorted((a, b) => b.path.length - a.path.length)[0] ?? { issue, path };
}

export function pathOf(root: string, path: readonly PropertyKey[]): string {
  const full = path.reduce<string>((before, segment) => {
    if (typeof segment === 'number') return `${before}[${segment}]`;
    const name = cut(String(segment), MOST_CHARACTERS);
    if (!/^[\w-]+$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, root);
  return full === '' ? 'body' : full;
}

/** What the issue says was expected; completes "expected …". */
function expectedOf(issue: z.core.$ZodIssue): string {
  // Zod's own sentence quotes the name, in which anything may stand.
  const isQuoting = issue.code === 'unrecognized_keys' && !issue.message.startsWith('expected ');
  if (isQuoting) return 'no field of this name';
  const said = /[Ee]xpected (.+?)(?:, received .*)?$/s.exec(issue.message)?.[1];
  if (said !== undefined) return said;
  if (issue.code === 'invalid_format') return `a valid ${issue.format}`;
  return issue.message;
}
