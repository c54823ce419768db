/** The key or token that this browser signs its calls with, where the server asks for one. */
const NAME = 'continuo-credentials';
const changed = new EventTarget();

let needed = false;

export function credentials(): string | null {
  return localStorage.getItem(NAME);
}

export function isSignInNeeded(): boolean {
  return needed;
}

/** The server has refused what it was sent, or was sent nothing. */
export function noteRefusal(): void {
  if (needed) return;
  needed = true;
  changed.dispatchEvent(new Event('change'));
}

/** Everything is asked for again with it; null forgets it. */
export function signIn(given: string | null): void {
  if (given === null) localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, given);
  location.reload();
}

export function watchSignIn(watcher: () => void): () => void {
  changed.addEventListener('change', watcher);
  return () => changed.removeEventListener('change', watcher);
}
