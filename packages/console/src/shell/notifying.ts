/** Notifications of the browser: only for who asked for them, and where the browser lets them. */
import { Watchers } from '../api/watchers.js';

const WANTED = 'continuo-notifications';
const watchers = new Watchers();

/** Pages that did not come over TLS may not. */
export function canNotify(): boolean {
  return 'Notification' in window;
}

export function isNotifying(): boolean {
  return canNotify() && Notification.permission === 'granted' && localStorage.getItem(WANTED) === 'on';
}

/** Only to be called on a click. Answers with whether they are on now: the browser, or its user, may refuse. */
export async function setNotifying(on: boolean): Promise<boolean> {
  const allowed = on && canNotify() && (await Notification.requestPermission()) === 'granted';
  if (allowed) localStorage.setItem(WANTED, 'on');
  else localStorage.removeItem(WANTED);
  watchers.tell();
  return allowed;
}

export const watchNotifying = watchers.watch;

/** Several tabs tell of the same once: a later one of the same `tag` takes the place of the one before. */
export function notify(title: string, body: string, tag: string, onClick: () => void): void {
  try {
    const shown = new Notification(title, { body, tag, icon: `${import.meta.env.BASE_URL}icon.svg` });
    shown.addEventListener('click', () => {
      window.focus();
      onClick();
      shown.close();
    });
  } catch {
    // Some browsers show none for pages without a service worker; the badge is there all the same.
  }
}
