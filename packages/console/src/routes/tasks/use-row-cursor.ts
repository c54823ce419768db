/** The row that keys act on: j and k move it, and its link has the focus, so that Enter opens it as any link is opened. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Task } from '@continuo/client';
import { usePageShortcuts } from '../../shell/shortcuts.js';
import { taskListTexts } from '../../texts/task-list.js';

interface RowCursorOptions {
  readonly tasks: readonly Task[];
  readonly box: RefObject<HTMLElement | null>;
  readonly scrollTo: (index: number) => void;
  readonly onSelect: (id: string) => void;
}

/** The id of the row; undefined before the first key. */
export function useRowCursor({ tasks, box, scrollTo, onSelect }: RowCursorOptions): string | undefined {
  const [id, setId] = useState<string>();
  const unfocused = useRef(false);
  // Where it is gone from the list, the row that has its place now is the next.
  const before = useRef(0);
  const found = tasks.findIndex((task) => task.id === id);
  const at = found === -1 ? Math.min(before.current, tasks.length - 1) : found;
  before.current = Math.max(0, at);
  const linkOf = (): HTMLElement | null | undefined =>
    box.current?.querySelector<HTMLElement>(`[data-task="${id}"] [data-opens]`);
  const move = (by: number): void => {
    const index = id === undefined ? 0 : Math.max(0, Math.min(tasks.length - 1, at + by));
    const next = tasks[index];
    if (next === undefined) return;
    scrollTo(index);
    setId(next.id);
    unfocused.current = true;
  };
  // A row that was far away is there only when the list has been scrolled to it.
  useEffect(() => {
    if (!unfocused.current) return;
    const link = linkOf();
    if (link == null) return;
    unfocused.current = false;
    link.focus({ preventScroll: true });
  });
  const { keys } = taskListTexts;
  usePageShortcuts([
    { keys: 'j', does: keys.next, run: () => move(1) },
    { keys: 'k', does: keys.previous, run: () => move(-1) },
    { keys: 'x', does: keys.select, run: () => id !== undefined && found !== -1 && onSelect(id) },
    { keys: 'Enter', does: keys.open, run: () => linkOf()?.click() },
  ]);
  return id;
}
