/** Hooks for Node's module loader, in a thread of their own: TypeScript is compiled as it is loaded, with decorator metadata. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { compile } from './compile.js';

const HELPERS = '@oxc-project/runtime/';
const TYPESCRIPT = /\.[cm]?tsx?$/;
/** What TypeScript names as it will be built, and what it may be written in. */
const SOURCES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
];

const project = join(process.cwd(), sep);
let loaded: MessagePort | undefined;

/** `port` is told which files of the project are loaded; without one nobody is. */
export const initialize: InitializeHook<{ readonly port?: MessagePort } | undefined> = (data) => {
  loaded = data?.port;
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  // What the compiled code needs comes with this command, not with the project.
  if (specifier.startsWith(HELPERS)) return next(specifier, { ...context, parentURL: import.meta.url });
  const source = isRelative(specifier) ? sourceOf(specifier, context.parentURL) : undefined;
  return next(source ?? specifier, context);
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return next(url, context);
  const path = fileURLToPath(url);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node's, which has no origin
  if (path.startsWith(project)) loaded?.postMessage(path);
  if (!TYPESCRIPT.test(path)) return next(url, context);
  const source = compile(path, await readFile(path, 'utf8'));
  return { format: 'module', source, shortCircuit: true };
};

function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../') || specifier.startsWith('file:');
}

/** The file in TypeScript that is meant where the one that is named is not there; undefined where it is. */
function sourceOf(specifier: string, parent: string | undefined): string | undefined {
  const url = new URL(specifier, parent);
  if (url.protocol !== 'file:' || url.pathname.includes('/node_modules/')) return undefined;
  const path = fileURLToPath(url);
  if (existsSync(path) && /\.\w+$/.test(path)) return undefined;
  const [built, written] = SOURCES.find(([ending]) => ending.test(path)) ?? [undefined, []];
  const candidates =
    built === undefined
      ? ['.ts', '.tsx', '/index.ts'].map((ending) => path + ending)
      : written.map((ending) => path.replace(built, ending));
  const found = candidates.find((candidate) => existsSync(candidate));
  return found === undefined ? undefined : pathToFileURL(found).href;
}
