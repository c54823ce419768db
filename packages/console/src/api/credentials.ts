/** What this browser signs its calls with: a key that it keeps, or what the issuer gave to this tab. */
import { dropDrafts } from './drafts.js';
import { noteProblem } from './sign-in-return.js';
import { Watchers } from './watchers.js';
import { readTokens, storeTokens, type Tokens } from './tokens.js';

const KEY = 'continuo-credentials';
/** Before its end a token is exchanged for a new one, if the issuer does so. */
const EARLY_MS = 30_000;
const watchers = new Watchers();

let needed = false;
let renewal: Promise<Tokens> | undefined;

/** What calls carry as `Authorization: Bearer`; undefined when nobody has signed in. */
export async function credentials(): Promise<string | undefined> {
  const tokens = readTokens();
  if (tokens === undefined) return localStorage.getItem(KEY) ?? undefined;
  const { accessToken, refreshToken, expiresAt } = tokens;
  if (refreshToken === undefined || expiresAt === undefined || expiresAt - Date.now() > EARLY_MS) return accessToken;
  renewal ??= import('./open-id-connect.js').then(({ renew }) => renew(tokens)).finally(() => (renewal = undefined));
  return (await renewal).accessToken;
}

/** The header for requests that go by no client of ours. */
export async function authorization(): Promise<Readonly<Record<string, string>>> {
  const key = await credentials();
  return key === undefined ? {} : { Authorization: `Bearer ${key}` };
}

export function signedInWith(): 'key' | 'issuer' | undefined {
  if (readTokens() !== undefined) return 'issuer';
  return localStorage.getItem(KEY) === null ? undefined : 'key';
}

export function isSignInNeeded(): boolean {
  return needed;
}

/** The server has refused what it was sent, or was sent nothing. */
export function noteRefusal(): void {
  if (needed) return;
  needed = true;
  watchers.tell();
}

/** Everything is asked for again with it. */
export function signInWithKey(key: string): void {
  storeTokens(undefined);
  noteProblem(undefined);
  localStorage.setItem(KEY, key);
  location.reload();
}

/** Everything is forgotten, in this browser and in this tab. */
export function signOut(): void {
  storeTokens(undefined);
  dropDrafts();
  localStorage.removeItem(KEY);
  location.reload();
}

export const watchSignIn = watchers.watch;

/** Whoever signs in or out with a key does so in all tabs: none goes on with what was read for somebody else. */
window.addEventListener('storage', ({ key, oldValue, newValue }) => {
  const changed = key === null || (key === KEY && oldValue !== newValue);
  if (changed && readTokens() === undefined) location.reload();
});
