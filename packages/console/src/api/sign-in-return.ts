/** What outlives the way to the issuer and back: where this tab was, and why it came back without tokens. */
const PATH = `${import.meta.env.BASE_URL}signed-in`;
const PROBLEM = 'continuo-sign-in-problem';

export function isReturnFromIssuer(): boolean {
  return location.pathname === PATH;
}

/** As it has to be known to the issuer. */
export function returnAddress(): string {
  return `${location.origin}${PATH}`;
}

/** Undefined: there is none any more. */
export function noteProblem(message: string | undefined): void {
  if (message === undefined) sessionStorage.removeItem(PROBLEM);
  else sessionStorage.setItem(PROBLEM, message);
}

export function signInProblem(): string | undefined {
  return sessionStorage.getItem(PROBLEM) ?? undefined;
}
