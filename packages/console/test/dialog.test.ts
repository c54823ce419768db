/** Dialogs know by themselves whether something was written in them that isn't saved. */
// @vitest-environment happy-dom
import { MantineProvider } from '@mantine/core';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Dialog } from '../src/components/dialog.js';
import { texts } from '../src/texts.js';

let closed = 0;
let unmount: () => void = () => undefined;

beforeEach(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  closed = 0;
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  unmount = () => root.unmount();
  const form = createElement(
    'form',
    {},
    createElement('input', { id: 'name', defaultValue: 'Ann' }),
    createElement('input', { id: 'all', type: 'checkbox' }),
  );
  const dialog = createElement(Dialog, { onClose: () => (closed += 1), transitionProps: { duration: 0 } }, form);
  await act(async () => root.render(createElement(MantineProvider, { env: 'test' }, dialog)));
});
afterEach(() => act(async () => unmount()));

function field(id: string): HTMLInputElement {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLInputElement)) throw new Error(`no ${id}`);
  return found;
}

const escape = (): Promise<void> =>
  act(async () => void document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
const clickBeside = (): Promise<void> =>
  act(async () => document.querySelector<HTMLElement>('.mantine-Modal-overlay')?.click());
const press = (name: string): Promise<void> =>
  act(async () => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click());
const asks = (): boolean => document.querySelector('[role=alert]') !== null;

it('where nothing was written a click beside it, and Escape, close it', async () => {
  field('name').focus();
  await clickBeside();
  await escape();
  expect([closed, asks()]).toEqual([2, false]);
});

it.each([
  ['a text', () => (field('name').value = 'Bob')],
  ['a mark', () => (field('all').checked = true)],
])('where %s was changed a click beside it does not close it: Escape does', async (_, change) => {
  await act(async () => field('name').focus());
  change();
  await clickBeside();
  expect([closed, asks()]).toEqual([0, true]);
  await press(texts.common.keepEditing);
  expect([closed, asks()]).toEqual([0, false]);
  await clickBeside();
  await press(texts.common.discard);
  expect(closed).toBe(1);
  await escape();
  expect(closed).toBe(2);
});

it('what was changed back is not unsaved', async () => {
  await act(async () => field('name').focus());
  field('name').value = 'Bob';
  field('name').value = 'Ann';
  await clickBeside();
  expect(closed).toBe(1);
});
