/** An error for the owner of its task: its causes, and where it came from, with the frames of the project's own files marked. */
import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { causeOf, messageOf, nameOf, stackOf } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import { cutToBytes } from '../platform/text.js';
import { asItIs, type Hide } from '../platform/shown.js';

/** One line of a stack. */
export interface StackFrame {
  /** Empty outside of every function. */
  readonly function: string;
  /** As seen from the directory in which the server was started; else where it lies. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** In a file of the project itself: neither of a package, nor of Node.js, nor of Continuo. */
  readonly own: boolean;
}

/** What was thrown. */
export interface ErrorCause {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack: readonly StackFrame[];
}

/** What was thrown, with what made it happen. */
export interface ErrorReport extends ErrorCause {
  /** What made it happen, the nearest first; of an AggregateError what it is made of. */
  readonly causes: readonly ErrorCause[];
}

const MOST_CAUSES = 10;
const MOST_FRAMES = 20;
const MOST_MESSAGE_BYTES = 2 * 1024;
const MOST_NAME_BYTES = 256;
/** Characters of a stack that are looked at. */
const MOST_STACK = 64 * 1024;

const LINE = /^\s+at (?:async )?(?:(.*?) \()?((?:file:\/\/|node:|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)\)?$/;
/** Of this package, in a project or in the repository in which it is made. */
const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));
const CONTINUO = /^(?:agent|server|cli|client)[\\/](?:src|dist|dist-bundles)[\\/]/;

/** Never throws, whatever was thrown. */
export function reportOf(error: unknown, hide: Hide = asItIs): ErrorReport {
  return { ...oneOf(error, hide), causes: causesOf(error).map((cause) => oneOf(cause, hide)) };
}

/** The same for errors of the same kind from the same place: numbers, ids and quoted values in their messages may differ. */
export function fingerprintOf(scope: string, { name, message, stack, causes }: ErrorReport): string {
  const place = firstOwn([{ name, message, stack }, ...causes]);
  const where = place === undefined ? '' : `${place.file}:${place.function}`;
  const text = JSON.stringify([scope, name, normalized(message), where]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Where in the project's own files it came from: the innermost frame of the outermost error that has one. */
export function firstOwn(errors: readonly ErrorCause[]): StackFrame | undefined {
  for (const { stack } of errors) {
    const own = stack.find((frame) => frame.own);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** A message without what differs from one time to the next. */
export function normalized(message: string): string {
  const text = message
    .replaceAll(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’/gu, '"…"')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>')
    .replaceAll(/\b(?=[a-z]*\d)[0-9a-z]{16,}\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '<id>')
    .replaceAll(/\d+(?:[.,:]\d+)*/g, '<n>');
  return cutToBytes(text, MOST_MESSAGE_BYTES / 4);
}

function oneOf(error: unknown, hide: Hide): ErrorCause {
  const said = (text: string, most: number): string => cutToBytes(hide(storable(text)), most);
  const code = codeOf(error);
  return {
    name: said(nameOf(error), MOST_NAME_BYTES),
    message: said(messageOf(error), MOST_MESSAGE_BYTES),
    ...(code === undefined ? {} : { code: said(code, MOST_NAME_BYTES) }),
    stack: framesOf(storable(stackOf(error) ?? '').slice(0, MOST_STACK)),
  };
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  const open = nextOf(error);
  for (let cause = open.shift(); cause !== undefined && causes.length < MOST_CAUSES; cause = open.shift()) {
    if (cause === error || causes.includes(cause)) continue;
    causes.push(cause);
    open.unshift(...nextOf(cause));
  }
  return causes;
}

function nextOf(error: unknown): unknown[] {
  try {
    const parts = error instanceof AggregateError ? (error.errors as unknown[]).slice(0, MOST_CAUSES) : [];
    return [causeOf(error), ...parts].filter((cause) => cause !== undefined && cause !== null);
  } catch {
    return [];
  }
}

function codeOf(error: unknown): string | undefined {
  try {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
  } catch {
    return undefined;
  }
}

function framesOf(stack: string): readonly StackFrame[] {
  const frames: StackFrame[] = [];
  for (const text of stack.split('\n')) {
    const [, name = '', place, line, column] = LINE.exec(text) ?? [];
    if (place === undefined) continue;
    const path = pathOf(place);
    frames.push({
      function: cutToBytes(name, MOST_NAME_BYTES),
      file: cutToBytes(fromHere(path), MOST_MESSAGE_BYTES / 4),
      line: Number(line),
      column: Number(column),
      own: isOwn(path),
    });
    if (frames.length >= MOST_FRAMES) break;
  }
  return frames;
}

function pathOf(place: string): string {
  try {
    return place.startsWith('file:') ? fileURLToPath(place) : place;
  } catch {
    return place;
  }
}

function fromHere(path: string): string {
  if (path.startsWith('node:')) return path;
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near.replaceAll(sep, '/');
}

function isOwn(path: string): boolean {
  if (path.startsWith('node:') || /[\\/]node_modules[\\/]/.test(path)) return false;
  return !(path.startsWith(PACKAGES) && CONTINUO.test(path.slice(PACKAGES.length)));
}
