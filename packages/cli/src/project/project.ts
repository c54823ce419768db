/** The project in the current directory: its settings, and the program that it runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { CommandFailedError } from '../terminal/failure.js';
import { messageOf } from '../terminal/message-of.js';

const SOURCES = ['src/main.ts', 'src/main.mts', 'src/main.js', 'src/main.mjs'];
const BUILT = 'dist/main.js';

/** What `.env` says; nothing where there is none. Throws CommandFailedError when it can't be read. */
export function dotEnv(directory: string): NodeJS.ProcessEnv {
  const path = join(directory, '.env');
  try {
    return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
  } catch (error) {
    throw new CommandFailedError(`${path} can't be read: ${messageOf(error)}.`);
  }
}

/** Puts the variables of `.env` into `env`; what is set already wins. */
export function loadDotEnv(env: NodeJS.ProcessEnv, directory: string): void {
  for (const [name, value] of Object.entries(dotEnv(directory))) env[name] ??= value;
}

/** The program as it is written: `given`, `continuo.entry` of package.json, or `src/main.ts`. Throws CommandFailedError. */
export function sourceEntry(given: string | undefined, directory: string): string {
  const named = given ?? entryOfPackage(directory);
  if (named !== undefined) return existing(named, directory);
  const found = SOURCES.find((path) => existsSync(join(directory, path)));
  if (found !== undefined) return join(directory, found);
  throw new CommandFailedError(
    `There is no program to run: neither ${SOURCES[0]} nor "continuo": { "entry": … } in package.json. Name it: \`continuo dev <entry>\`.`,
  );
}

/** The program as it was built: `given`, or `dist/main.js`. Throws CommandFailedError that says how to build it. */
export function builtEntry(given: string | undefined, directory: string, command = 'start'): string {
  if (given !== undefined) {
    const entry = existing(given, directory);
    if (!isTypeScript(entry)) return entry;
    throw new CommandFailedError(
      `${given} is TypeScript: build it first (\`npm run build\`), and start what that makes. \`continuo dev ${given}\` runs it as it is.`,
    );
  }
  const entry = join(directory, BUILT);
  if (existsSync(entry)) return entry;
  throw new CommandFailedError(
    `${BUILT} is not there: build the project first (\`npm run build\`), or name it: \`continuo ${command} <entry>\`.`,
  );
}

export function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

/** As people name it: seen from the project. */
export function shortPath(path: string, directory: string): string {
  const short = relative(directory, path);
  return short.startsWith('..') ? path : short;
}

function existing(named: string, directory: string): string {
  const path = resolve(directory, named);
  if (existsSync(path)) return path;
  throw new CommandFailedError(`There is no ${named}.`);
}

function entryOfPackage(directory: string): string | undefined {
  const path = join(directory, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    const { continuo } = JSON.parse(readFileSync(path, 'utf8')) as { readonly continuo?: { readonly entry?: unknown } };
    return typeof continuo?.entry === 'string' ? continuo.entry : undefined;
  } catch (error) {
    throw new CommandFailedError(`${path} can't be read: ${messageOf(error)}.`);
  }
}
