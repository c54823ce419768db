/** The number on the tab: in its title and on its icon. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { attention } from './attention.js';

const MOST = 99;

/** Keeps the tab's title, with what nobody has seen before it. */
export function useTitle(title: string): void {
  const count = useSyncExternalStore(attention.watch, attention.count);
  const [plain] = useState(() => iconLink().href);
  const number = count > MOST ? `${MOST}+` : String(count);
  useEffect(() => {
    document.title = count === 0 ? title : `(${number}) ${title}`;
  }, [title, count, number]);
  useEffect(() => {
    if (count === 0) return undefined;
    const url = URL.createObjectURL(new Blob([badge(number)], { type: 'image/svg+xml' }));
    iconLink().href = url;
    return () => {
      iconLink().href = plain;
      URL.revokeObjectURL(url);
    };
  }, [count, number, plain]);
}

function iconLink(): HTMLLinkElement {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (link === null) throw new Error('index.html has no icon');
  return link;
}

function badge(number: string): string {
  const size = number.length > 1 ? 17 : 22;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="10" fill="#c92a2a"/>
<text x="16" y="${16 + size * 0.36}" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="${size}" fill="#fff">${number}</text></svg>`;
}
