/** What a project is called: by its directory, as npm allows it. */
import { basename, resolve } from 'node:path';
import validate from 'validate-npm-package-name';
import { CreateFailedError } from './create-failed.js';

export interface Place {
  readonly directory: string;
  /** The name in package.json. */
  readonly name: string;
}

/**
 * Where `given` is, seen from `from`, and what the project is called: as its directory. `@scope/name` is a name with a scope,
 * in the directory `name`. Throws CreateFailedError for a name that npm doesn't take.
 */
export function placeOf(given: string, from: string): Place {
  const scoped = /^@[^/\\]+\/([^/\\]+)$/.exec(given);
  const directory = resolve(from, scoped?.[1] ?? given);
  const name = scoped === null ? basename(directory) : given;
  const flaw = flawOf(name);
  if (flaw === undefined) return { directory, name };
  const better = suggestion(name);
  const instead = better === undefined ? '' : ` How about "${better}"?`;
  throw new CreateFailedError(`"${name}" can't be the name of a package: ${flaw}.${instead}`);
}

function flawOf(name: string): string | undefined {
  if (name === '') return 'it is empty';
  const { validForNewPackages, errors = [], warnings = [] } = validate(name);
  return validForNewPackages ? undefined : [...errors, ...warnings].join('; ');
}

function suggestion(name: string): string | undefined {
  const better = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return flawOf(better) === undefined ? better : undefined;
}
