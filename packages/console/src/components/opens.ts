/** Rows that open as a whole: a click anywhere does what a click on their link does, and text can still be selected. */
import type { MouseEvent } from 'react';

/** What has a click of its own. */
const OWN = 'a, button, input, label, select, textarea, summary, [role=menu], [role=menuitem], [role=button]';
const MIDDLE = 1;

/** The row's main link or button, for who looks for it; people with keyboards and screen readers use that alone. */
export const mainOfRow = { 'data-opens': '' } as const;

/** For the row's element, which holds one that is marked with `mainOfRow`. */
export const opensAsAWhole = {
  'data-row': '',
  onClick: (event: MouseEvent<HTMLElement>): void => {
    const main = mainOf(event);
    // Whoever has just selected text wants to keep it.
    if (main === undefined || isSelecting(event.currentTarget)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) openElsewhere(main);
    else main.click();
  },
  onAuxClick: (event: MouseEvent<HTMLElement>): void => {
    const main = mainOf(event);
    if (event.button === MIDDLE && main !== undefined) openElsewhere(main);
  },
  onMouseDown: (event: MouseEvent<HTMLElement>): void => {
    // Otherwise the middle button begins to scroll, and the selection of Shift grows.
    if (mainOf(event) !== undefined && (event.button === MIDDLE || event.shiftKey)) event.preventDefault();
  },
} as const;

/** Undefined for a click on what has its own, or that came through a portal from elsewhere. */
function mainOf({ target, currentTarget }: MouseEvent<HTMLElement>): HTMLElement | undefined {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return undefined;
  const own = target.closest(OWN);
  if (own !== null && currentTarget.contains(own) && own !== currentTarget) return undefined;
  return currentTarget.querySelector<HTMLElement>('[data-opens]') ?? undefined;
}

function isSelecting(row: HTMLElement): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(row, true);
}

/** A new tab; what is no link opens where it is. */
function openElsewhere(main: HTMLElement): void {
  if (main instanceof HTMLAnchorElement) window.open(main.href, '_blank', 'noopener');
  else main.click();
}
