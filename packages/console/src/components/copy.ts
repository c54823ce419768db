/** Puts a text on the clipboard, on pages that came over plain HTTP as well: they have no `navigator.clipboard`. */

/** Rejects where the browser lets nobody copy. Over plain HTTP a browser copies only what a press of a button begins. */
export async function copy(text: string): Promise<void> {
  const { clipboard } = navigator as Partial<Navigator>;
  if (clipboard !== undefined) return clipboard.writeText(text);
  const focused = document.activeElement;
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  Object.assign(box.style, { position: 'fixed', top: '0', opacity: '0' });
  document.body.append(box);
  try {
    box.focus({ preventScroll: true });
    box.select();
    if (!document.execCommand('copy')) throw new Error('The browser refused to copy.');
  } finally {
    box.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
