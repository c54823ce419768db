/** What the page that is shown is about, for the tab: tabs, history and bookmarks are told apart by it. */
import { useEffect } from 'react';
import { Watchers } from '../api/watchers.js';
import { cut } from '../components/cut-text.js';
import { isolated } from '../formats.js';

const LONGEST = 80;
const watchers = new Watchers();
let shown: string | undefined;

/** As long as the page is shown; undefined while it isn't known. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined || title.trim() === '') return undefined;
    set(isolated(cut(title.trim(), LONGEST)));
    return () => set(undefined);
  }, [title]);
}

export const watchPageTitle = watchers.watch;

/** Undefined for a page that is about nothing in particular. */
export function pageTitle(): string | undefined {
  return shown;
}

function set(title: string | undefined): void {
  shown = title;
  watchers.tell();
}
