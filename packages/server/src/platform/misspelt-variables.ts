/** Finds variables that were meant for the server and that it does not know: a wrong letter must not go unnoticed. */
import { distance } from 'fastest-levenshtein';

export interface Misspelling {
  readonly name: string;
  /** The variable that comes nearest. */
  readonly meant: string;
}

/** Letters that may be wrong, missing or too many in a name that is taken for a misspelling. */
const SLIPS = 2;

/**
 * The variables of `env` that begin with CONTINUO_ and are none of `known`. Those close to one are misspelt; the others
 * may be somebody else's, as those that Kubernetes sets for a service of that name.
 */
export function strangers(env: NodeJS.ProcessEnv, known: readonly string[]) {
  const given = Object.keys(env).filter((name) => name.startsWith('CONTINUO_') && env[name]);
  const misspelt: Misspelling[] = [];
  const unknown: string[] = [];
  for (const name of given.filter((candidate) => !known.includes(candidate)).toSorted()) {
    const meant = known.find((candidate) => isClose(name, candidate));
    if (meant === undefined) unknown.push(name);
    else misspelt.push({ name, meant });
  }
  return { misspelt, unknown };
}

function isClose(name: string, known: string): boolean {
  const letters = (text: string): string => text.replaceAll('_', '');
  return letters(name) === letters(known) || distance(name, known) <= SLIPS;
}
