/** Which rows of a waterfall are shown: those of open spans, in the order of the tree. */
import type { Span } from './spans.js';

export interface SpanRow {
  readonly kind: 'span';
  readonly key: string;
  readonly span: Span;
  /** From 1, as trees count. */
  readonly level: number;
  /** Undefined for what has nothing inside of it. */
  readonly open: boolean | undefined;
  readonly parent: string | undefined;
  /** What stands before it in the same span. */
  readonly before: Span | undefined;
}

/** Stands behind the last row of a task of which there is more to read, or that could not be read. */
export interface MoreRow {
  readonly kind: 'more';
  readonly key: string;
  readonly taskId: string;
  readonly level: number;
  readonly reading: boolean;
  readonly error: Error | undefined;
  readonly parent: string | undefined;
}

export type Row = SpanRow | MoreRow;

/** Whether a row is open, for those that somebody has opened or closed. */
export type Openness = ReadonlyMap<string, boolean>;

/** The task that its row can show more of: the root's own, or the one that was called. */
function taskBelow({ kind, taskId, node }: Span): string | undefined {
  return kind === 'task' ? taskId : node?.child?.taskId;
}

export function canOpen(span: Span): boolean {
  return span.spans.length > 0 || (span.node?.child != null && span.node.child.state !== null);
}

function isOpen(span: Span, openness: Openness): boolean {
  return openness.get(span.key) ?? span.node?.child == null;
}

export function toRows(root: Span | undefined, openness: Openness): readonly Row[] {
  const rows: Row[] = [];
  const add = (span: Span, level: number, parent?: string, before?: Span): void => {
    const open = canOpen(span) ? isOpen(span, openness) : undefined;
    rows.push({ kind: 'span', key: span.key, span, level, open, parent, before });
    // More may be read of a task in which nothing is known yet.
    if (open === false || (open === undefined && span.kind !== 'task')) return;
    for (const [index, one] of span.spans.entries()) add(one, level + 1, span.key, span.spans[index - 1]);
    const taskId = taskBelow(span);
    if (taskId === undefined) return;
    const { read } = span;
    const isMore = read === undefined || read.pages.length === 0 || read.pages.at(-1)?.nextPageToken !== '';
    if (!isMore && read.error === undefined) return;
    rows.push({
      kind: 'more',
      key: `${span.key}/…`,
      taskId,
      level: level + 1,
      reading: read?.reading ?? false,
      error: read?.error,
      parent: span.key,
    });
  };
  if (root !== undefined) add(root, 1);
  return rows;
}

/** Everything above a key, so that it can be shown: the calls in it. */
export function callsAbove(key: string): readonly string[] {
  const ids = key.split('/');
  return ids.slice(0, -1).map((_, index) => ids.slice(0, index + 1).join('/'));
}
