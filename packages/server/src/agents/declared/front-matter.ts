/** A Markdown file with YAML front matter, taken apart in a way that knows the line of everything. */
import { createRequire } from 'node:module';
import type { Document } from 'yaml';
import { loadedLater } from '@continuo/agent/internal/platform/loaded-later.js';

/** Something wrong with a file, where a person will look for it. */
export interface Flaw {
  /** Counted from 1. */
  readonly line: number;
  readonly problem: string;
}

export interface FrontMatter {
  readonly data: unknown;
  /** What comes below the front matter. */
  readonly body: string;
  /** The line of the value at `path`; of what it would be part of, where it is missing. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

const require = createRequire(import.meta.url);
const yaml = loadedLater(() => require('yaml') as typeof import('yaml'));

const FENCE = /^---[ \t]*$/;

/** Answers with what is wrong when there is no front matter, or when it is no YAML. */
export function readFrontMatter(text: string): FrontMatter | readonly Flaw[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (!FENCE.test(lines[0] ?? '')) {
    return [{ line: 1, problem: 'expected front matter: YAML between two lines of ---' }];
  }
  const length = lines.slice(1).findIndex((line) => FENCE.test(line));
  if (length < 0) return [{ line: lines.length, problem: 'expected a line of --- behind the front matter' }];
  const { LineCounter, parseDocument } = yaml();
  const counter = new LineCounter();
  const document = parseDocument(lines.slice(1, length + 1).join('\n'), { lineCounter: counter, prettyErrors: false });
  /** The front matter begins in the file's second line. */
  const lineAt = (offset: number): number => counter.linePos(offset).line + 1;
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) return wrong.map(({ pos, message }) => ({ line: lineAt(pos[0]), problem: message }));
  return {
    data: document.toJS() as unknown,
    body: lines
      .slice(length + 2)
      .join('\n')
      .trim(),
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? 1 : lineAt(offset);
    },
  };
}

/** Where the value at `path` begins, or its key, or what is nearest above it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  if (path.length === 0) return undefined;
  const { isMap, isNode, isScalar } = yaml();
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key;
    if (isNode(key)) return key.range?.[0];
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : offsetOf(document, path.slice(0, -1));
}
