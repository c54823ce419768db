/** Which copies of Continuo's packages a process has loaded: what is made with one of them is a stranger to another. */
import 'reflect-metadata';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ContinuoError } from './errors.js';

/** Every copy finds it: `Reflect` is the same for all, and a name is. */
const KEY = 'continuo:copies';
/** Of `src` and of `dist`, where those who note a copy are. */
const PACKAGE = '../..';

/** By the name of a package, where it was loaded from. */
type Copies = Readonly<Record<string, readonly string[]>>;

/** Notes that a module of the package `name` was loaded, two directories below that of the package. */
export function noteCopy(name: string, moduleUrl: string | undefined): void {
  // In a bundle there are no packages.
  if (moduleUrl?.startsWith('file:') !== true) return;
  const place = fileURLToPath(new URL(PACKAGE, moduleUrl)).replace(/[\\/]$/, '');
  const copies = noted();
  const places = new Set([...(copies[name] ?? []), place]);
  Reflect.defineMetadata(KEY, { ...copies, [name]: [...places] }, Reflect);
}

/** Throws PACKAGE_MISSING, naming all places, when there is more than one copy of a package. */
export function requireOneCopy(): void {
  const twice = Object.entries(noted()).find(([, places]) => places.length > 1);
  if (twice !== undefined) throw severalCopies(...twice);
}

/** The refusal of copies of one package at these places. */
export function severalCopies(name: string, places: readonly string[]): ContinuoError {
  const found = places.map((place) => `${place}${versionAt(place)}`).join(' and ');
  return new ContinuoError(
    'PACKAGE_MISSING',
    `Continuo needs one copy of ${name}, and finds ${places.length}: ${found}. What is made with one is unknown to the other. ` +
      `See who brings them with \`npm ls ${name}\`: install the same version in one place (\`npm dedupe\`); packages of agents have it as a peer dependency.`,
  );
}

function versionAt(place: string): string {
  try {
    const { version } = createRequire(import.meta.url)(`${place}/package.json`) as { readonly version: string };
    return ` (${version})`;
  } catch {
    return '';
  }
}

function noted(): Copies {
  return (Reflect.getMetadata(KEY, Reflect) as Copies | undefined) ?? {};
}
