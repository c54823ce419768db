/** What somebody may have meant who has mistyped a name. */
import { distance } from 'fastest-levenshtein';

const MOST_SLIPS = 3;

/** The one of `names` that comes nearest to `given`; undefined when none is near. `as`: what of a name is compared. */
export function nearest(
  given: string,
  names: readonly string[],
  as: (name: string) => string = (name) => name,
): string | undefined {
  const far = (name: string): number => distance(as(name), given);
  const near = names.toSorted((one, other) => far(one) - far(other))[0];
  return near !== undefined && far(near) <= Math.min(MOST_SLIPS, Math.ceil(given.length / 2)) ? near : undefined;
}
