/** In a box for messages Enter sends, Shift+Enter begins a line, and Enter that ends the input of an East Asian word does neither. */
import type { KeyboardEvent } from 'react';

export function sendOnEnter(event: KeyboardEvent, send: () => void): void {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  send();
}
