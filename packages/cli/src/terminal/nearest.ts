/** What somebody may have meant who has mistyped a name. */

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

/** Letters that are wrong, missing or too many. */
function distance(name: string, given: string): number {
  let row = Array.from({ length: given.length + 1 }, (_, index) => index);
  for (let at = 0; at < name.length; at += 1) {
    const next = [at + 1];
    for (let index = 0; index < given.length; index += 1) {
      const change = (row[index] ?? 0) + (name[at] === given[index] ? 0 : 1);
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
