/** The web console, where it is installed and built: static files below `/console/`, to which `/` leads. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import express, { Router, type RequestHandler } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { publicPath } from '../platform/public-path.js';

const COMPRESSED = /^\/[\w-]+(\.[\w-]+)*\.(js|css)$/;
const NO_CONSOLE =
  'The console is asked for (`console: true`), but it is not installed: run `npm install @continuo/console`, or leave `console` out.';
/** What is somebody else's is not asked about path by path. */
const OURS = /^\/(?:console(?:\/|$)|$)/i;

export interface ConsoleOptions {
  /** Whether it has to be served, or must not be; undefined: where there is one. */
  readonly wanted: boolean | undefined;
  /** Where clients reach the server, when it is known. */
  readonly publicUrl: string | undefined;
  /** Whether `/` leads to the console. */
  readonly isHome: boolean;
  /** The path below which all of this is, as `/ai`; empty for the root. */
  readonly path: string;
}

/**
 * Undefined where it is not served. Throws CONFIG_INVALID when it is wanted and not there. A proxy may put any path in
 * front, whether `publicUrl` names it or not.
 */
export function consoleFiles({ wanted, publicUrl, isHome, path }: ConsoleOptions): RequestHandler | undefined {
  const directory = wanted === false ? undefined : findConsole();
  if (directory === undefined) {
    if (wanted === true) throw new ContinuoError('CONFIG_INVALID', NO_CONSOLE);
    return undefined;
  }
  const router = Router();
  const document = readFileSync(join(directory, 'index.html'), 'utf8');
  if (isHome) {
    router.get('/', (request, response) => {
      // Seen from `/ai`, what is below it is `ai/…`.
      const before = request.originalUrl.split('?', 1)[0] === path ? `${path.split('/').at(-1) ?? ''}/` : '';
      response.redirect(publicUrl === undefined ? `${before}console/` : `${publicPath(publicUrl)}/console/`);
    });
  }
  // The names of these files are hashes of what is in them.
  router.use(
    '/console/assets',
    compressed(join(directory, 'assets')),
    express.static(join(directory, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  );
  router.use('/console', express.static(directory, { index: false, redirect: false }));
  // All other addresses are pages, and the one document shows them all. No group is captured: Express would decode it, and refuse `%E0`.
  router.get(/^\/console(?:\/(?!assets\/).*)?$/, (request, response) => {
    response.set('cache-control', 'no-cache').type('html').send(withBase(document, request.path));
  });
  return (request, response, next) => {
    if (OURS.test(request.path)) void router(request, response, next);
    else next();
  };
}

/** The document tells the page at `path` where the console is, seen from there: so it holds whatever a proxy has put in front. */
function withBase(document: string, path: string): string {
  const depth = path.split('/').length - 3;
  const base = depth < 0 ? 'console/' : '../'.repeat(depth) || './';
  return document.replace(/<base href="[^"]*"/, `<base href="${base}"`);
}

const inBrotli = promisify(brotliCompress);
const inGzip = promisify(gzip);

/** Brotli as fast as gzip, and 5 % smaller; browsers take it over HTTPS and from this machine. */
const encodings = {
  br: (text: Buffer) => inBrotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (text: Buffer) => inGzip(text),
} as const;

/** In this order: browsers name gzip first, without meaning it. */
const taken = ['br', 'gzip'] as const;

/** Passes on what is not text, or not there, and who takes neither encoding. Each file is compressed once in each. */
function compressed(directory: string): RequestHandler {
  const files = new Map<string, Promise<Buffer>>();
  return (request, response, next) => {
    const { path } = request;
    response.vary('Accept-Encoding');
    const encoding = taken.find((name) => request.acceptsEncodings(name) !== false);
    if (!COMPRESSED.test(path) || encoding === undefined) return next();
    const key = `${encoding} ${path}`;
    const known = files.get(key) ?? readFile(join(directory, path)).then(encodings[encoding]);
    files.set(key, known);
    known.then(
      (body) => {
        response.set({ 'content-encoding': encoding, 'cache-control': 'public, max-age=31536000, immutable' });
        response.type(extname(path)).send(body);
      },
      () => {
        files.delete(key);
        next();
      },
    );
  };
}

/** Its directory; undefined where there is none. It may be installed beside the server, or in the project that runs. */
export function findConsole(): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      const directory = join(dirname(createRequire(from).resolve('@continuo/console/package.json')), 'dist');
      if (existsSync(join(directory, 'index.html'))) return directory;
    } catch {
      // Not there: perhaps from the other place.
    }
  }
  return undefined;
}
