/** What the keys of a tree do, as the treegrid pattern of WAI-ARIA has it. */
import type { KeyboardEvent } from 'react';
import type { Row, SpanRow } from './rows.js';
import { ZOOM_STEP, type TimeWindow } from './use-time-window.js';

const PAGE = 12;
const SIDEWAYS = 0.2;

interface Tree {
  readonly rows: readonly Row[];
  /** The row where one is; -1 for none. */
  readonly at: number;
  readonly go: (index: number) => void;
  readonly toggle: (row: SpanRow) => void;
  /** Enter. */
  readonly choose: () => void;
  readonly time: TimeWindow;
}

/** Whether it was one of them. */
export function onTreeKey(event: KeyboardEvent, { rows, at, go, toggle, choose, time }: Tree): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const row = rows[at];
  const span = row?.kind === 'span' ? row : undefined;
  const to = (index: number): void => go(Math.min(rows.length - 1, Math.max(0, index)));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => to(at + 1),
    ArrowUp: () => to(at - 1),
    PageDown: () => to(at + PAGE),
    PageUp: () => to(at - PAGE),
    Home: () => to(0),
    End: () => to(rows.length - 1),
    ArrowRight: () => {
      if (event.shiftKey) time.move(SIDEWAYS);
      else if (span?.open === false) toggle(span);
      else if (span?.open === true) to(at + 1);
    },
    ArrowLeft: () => {
      if (event.shiftKey) time.move(-SIDEWAYS);
      else if (span?.open === true) toggle(span);
      else if (row?.parent !== undefined) to(rows.findIndex(({ key }) => key === row.parent));
    },
    Enter: choose,
    ' ': choose,
    '+': () => time.zoom(1 / ZOOM_STEP),
    '=': () => time.zoom(1 / ZOOM_STEP),
    '-': () => time.zoom(ZOOM_STEP),
    '0': time.fit,
  };
  const does = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
  if (does === undefined) return false;
  event.preventDefault();
  does();
  return true;
}
