/** A draft that was sent keeps what was typed since, also when nobody shows it any more. */
// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { DRAFT } from '../src/api/drafts.js';
import { typedSince } from '../src/components/typed-since.js';
import { useDraft } from '../src/components/use-draft.js';

let used: ReturnType<typeof useDraft<string>>;

function Box() {
  used = useDraft('of a test', '');
  return null;
}

it.each([
  ['shown', false],
  ['gone', true],
])('while its box is %s', async (_, isGone) => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  localStorage.clear();
  const root = createRoot(document.createElement('div'));
  await act(async () => root.render(createElement(Box)));
  const kept = (): unknown => JSON.parse(localStorage.getItem(`${DRAFT}of a test`) ?? 'null');
  await act(async () => used[1]('Shorten it'));
  const [sent, , , settle] = used;
  await act(async () => used[1]('Shorten it and more'));
  if (isGone) await act(async () => root.unmount());
  await act(async () => settle((now) => typedSince(now, sent)));
  expect(kept()).toBe('and more');
  expect(used[0]).toBe(isGone ? 'Shorten it and more' : 'and more');
  await act(async () => settle((now) => typedSince(now, 'and more')));
  expect(kept()).toBeNull();
  await act(async () => root.unmount());
});
