/** Checks what comes from outside; what is wrong is named by its path: `message.parts[0]`. */
import type { z } from 'zod';
import { ContinuoError, invalidArgument } from './errors.js';

/** `value` as `schema` reads it. Throws INVALID_ARGUMENT, its `field` beginning with `root`, with the first thing wrong. */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown, root = ''): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw toInvalidArgument(result.error, root);
}

/** What `error` says first, as INVALID_ARGUMENT. */
function toInvalidArgument(error: z.ZodError, root = ''): ContinuoError {
  const { issue, path } = firstIssue(error.issues, []);
  const field = pathOf(root, path);
  return issue === undefined ? invalidArgument(field, 'something else') : invalidArgument(field, expectedOf(issue));
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
  if (issue.code !== 'invalid_union') return { issue, path };
  const inside = issue.errors.map((alternative) => firstIssue(alternative, path));
  return inside.toSorted((a, b) => b.path.length - a.path.length)[0] ?? { issue, path };
}

function pathOf(root: string, path: readonly PropertyKey[]): string {
  const full = path.reduce<string>((before, segment) => {
    if (typeof segment === 'number') return `${before}[${segment}]`;
    const name = String(segment);
    if (!/^[\w-]+$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, root);
  return full === '' ? 'body' : full;
}

/** What the issue says was expected; completes "expected …". */
function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `none of the unknown fields ${issue.keys.join(', ')}`;
  const said = /expected (.+?)(?:, received .*)?$/s.exec(issue.message)?.[1];
  if (said !== undefined) return said;
  if (issue.code === 'invalid_format') return `a valid ${issue.format}`;
  return issue.message;
}
