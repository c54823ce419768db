/** Keys that do something wherever one is, unless one writes; whoever speaks to the computer can turn them off. */
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { navigation } from './navigation.js';
import { texts } from '../texts.js';

/** How long the second key of two may take. */
const SECOND_KEY_MS = 1_500;

export interface Shortcut {
  /** One key, or two that are pressed one after the other: `g t`. */
  readonly keys: string;
  readonly does: string;
  readonly run: () => void;
}

/** The letter behind `g` that leads to a page. */
const letters: Readonly<Record<string, string>> = {
  '/overview': 'o',
  '/inbox': 'i',
  '/chat': 'c',
  '/tasks': 't',
  '/sessions': 's',
  '/marketing': 'm',
  '/agents': 'a',
  '/webhooks': 'w',
  '/settings': 'e',
};

export function toPages<To extends string>(
  pages: readonly { readonly to: To; readonly label: string }[],
  go: (to: To) => void,
): readonly Shortcut[] {
  return pages.flatMap(({ to, label }) => {
    const letter = letters[to];
    return letter === undefined ? [] : [{ keys: `g ${letter}`, does: texts.shortcuts.goTo(label), run: () => go(to) }];
  });
}

export type Pages = readonly (typeof navigation)[number][];

/** Whether single keys do something. */
export function useShortcutsOn() {
  return useLocalStorage({ key: 'continuo-shortcuts', defaultValue: true });
}

export function useShortcuts(shortcuts: readonly Shortcut[], on: boolean): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    if (!on) return undefined;
    let first = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return;
      const keys = first === '' ? event.key : `${first} ${event.key}`;
      clearTimeout(timer);
      first = '';
      const meant = latest.current.find((one) => one.keys === keys);
      if (meant !== undefined) {
        event.preventDefault();
        meant.run();
      } else if (latest.current.some((one) => one.keys.startsWith(`${event.key} `))) {
        first = event.key;
        timer = setTimeout(() => (first = ''), SECOND_KEY_MS);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      clearTimeout(timer);
    };
  }, [on]);
}

const shown = new Set<{ readonly current: readonly Shortcut[] }>();

/** Those of the page that is open, for as long as it is; the sheet lists them. */
export function usePageShortcuts(shortcuts: readonly Shortcut[]): void {
  const [on] = useShortcutsOn();
  useShortcuts(shortcuts, on);
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    shown.add(latest);
    return () => void shown.delete(latest);
  }, []);
}

export function pageShortcuts(): readonly Shortcut[] {
  return [...shown].flatMap(({ current }) => current);
}

/** What Enter does by itself. */
const ENTERED = 'a, button, summary, [role=button], [role=tab]';

/** Somebody writes, or something lies over the page. */
function isBusy({ key, target }: KeyboardEvent): boolean {
  const writes =
    target instanceof HTMLElement &&
    (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isTicked(target)));
  const enters = key === 'Enter' && target instanceof Element && target.closest(ENTERED) !== null;
  return writes || enters || document.querySelector('[aria-modal=true], [role=menu]') !== null;
}

/** A checkbox takes the space bar alone. */
function isTicked(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && target.type === 'checkbox';
}
