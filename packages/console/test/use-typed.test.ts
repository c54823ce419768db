/** What is typed into a filter is not replaced by what the address says later. */
// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useTyped } from '../src/components/use-typed.js';

let text = '';
let type: (typed: string) => void = () => undefined;
const said: string[] = [];

function Filter({ q }: { readonly q: string }) {
  [text, type] = useTyped(q, (typed) => said.push(typed));
  return null;
}

const root = createRoot(document.createElement('div'));
const show = (q: string): Promise<void> => act(async () => root.render(createElement(Filter, { q })));
const typed = (word: string): Promise<void> => act(async () => type(word));
const pause = (): Promise<void> => act(async () => void vi.advanceTimersByTime(300));

beforeEach(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  vi.useFakeTimers();
  said.length = 0;
  await show('elsewhere');
  await show('');
});
afterEach(() => void vi.useRealTimers());

it('the address that says an earlier word eats nothing of the next one', async () => {
  await typed('a');
  await pause();
  await typed('ab');
  await show('a');
  expect(text).toBe('ab');
  await pause();
  await show('ab');
  expect([text, said]).toEqual(['ab', ['a', 'ab']]);
});

it('the address may leave out what it was told, and spaces around it', async () => {
  await typed('a');
  await pause();
  await typed(' b');
  await pause();
  await typed(' b c');
  await show('b');
  expect(text).toBe(' b c');
});

it('whoever goes elsewhere sees what is there, and what they had begun to type is over', async () => {
  await typed('a');
  await pause();
  await show('a');
  await typed('ab');
  await show('other');
  await pause();
  expect([text, said]).toEqual(['other', ['a']]);
  await show('a');
  expect(text).toBe('a');
});
