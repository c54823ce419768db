/** What outlives the way to the issuer and back: where this tab was, and why it came back without tokens. */
import { pageAddress } from './place.js';

const PAGE = 'signed-in';
const PROBLEM = 'continuo-sign-in-problem';

export function isReturnFromIssuer(): boolean {
  return location.pathname === pageAddress(PAGE).pathname;
}

/** As it has to be known to the issuer. */
export function returnAddress(): string {
  return pageAddress(PAGE).href;
}

/** Undefined: there is none any more. */
export function noteProblem(message: string | undefined): void {
  if (message === undefined) sessionStorage.removeItem(PROBLEM);
  else sessionStorage.setItem(PROBLEM, message);
}

export function signInProblem(): string | undefined {
  return sessionStorage.getItem(PROBLEM) ?? undefined;
}
