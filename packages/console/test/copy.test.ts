/** Texts are copied on pages that came over plain HTTP as well, which have no `navigator.clipboard`. */
// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { copy } from '../src/components/copy.js';

afterEach(() => void vi.unstubAllGlobals());

it('copies what is selected where there is no clipboard, and leaves nothing behind', async () => {
  vi.stubGlobal('navigator', {});
  const button = document.body.appendChild(document.createElement('button'));
  button.focus();
  let selected = '';
  document.execCommand = (command) => {
    const box = document.activeElement;
    selected = command === 'copy' && box instanceof HTMLTextAreaElement ? box.value : '';
    return true;
  };
  await copy('two\nlines');
  expect(selected).toBe('two\nlines');
  expect(document.querySelector('textarea')).toBeNull();
  expect(document.activeElement).toBe(button);
});

it('says so where the browser lets nobody copy', async () => {
  vi.stubGlobal('navigator', {});
  document.execCommand = () => false;
  await expect(copy('text')).rejects.toThrow('refused');
});
