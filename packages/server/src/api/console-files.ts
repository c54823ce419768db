/** The web console, where it is installed and built: static files below `/console/`, to which `/` leads. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { publicPath } from '../platform/public-path.js';
import express, { Router, type RequestHandler } from 'express';

const COMPRESSED = /^\/[\w-]+(\.[\w-]+)*\.(js|css)$/;
/** What is somebody else's is not asked about path by path. */
const OURS = /^\/(?:console(?:\/|$)|$)/i;
const { resolve } = createRequire(import.meta.url);

/** Undefined where there is none. A proxy may put any path in front, whether `publicUrl` names it or not. */
export function consoleFiles(publicUrl?: string): RequestHandler | undefined {
  const directory = findConsole();
  if (directory === undefined) return undefined;
  const router = Router();
  const document = readFileSync(join(directory, 'index.html'), 'utf8');
  const home = publicUrl === undefined ? 'console/' : `${publicPath(publicUrl)}/console/`;
  router.get('/', (_request, response) => response.redirect(home));
  // The names of these files are hashes of what is in them.
  router.use(
    '/console/assets',
    compressed(join(directory, 'assets')),
    express.static(join(directory, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  );
  router.use('/console', express.static(directory, { index: false, redirect: false }));
  // All other addresses are pages, and the one document shows them all.
  router.get(/^\/console(\/(?!assets\/).*)?$/, (request, response) => {
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

/** Passes on what is not text, or not there, and who takes no gzip. Each file is compressed once. */
function compressed(directory: string): RequestHandler {
  const files = new Map<string, Promise<Buffer>>();
  return (request, response, next) => {
    const { path } = request;
    response.vary('Accept-Encoding');
    if (!COMPRESSED.test(path) || request.acceptsEncodings('gzip') === false) return next();
    const known = files.get(path) ?? readFile(join(directory, path)).then((text) => promisify(gzip)(text));
    files.set(path, known);
    known.then(
      (body) => {
        response.set({ 'content-encoding': 'gzip', 'cache-control': 'public, max-age=31536000, immutable' });
        response.type(extname(path)).send(body);
      },
      () => {
        files.delete(path);
        next();
      },
    );
  };
}

/** Its directory; undefined where there is none. */
export function findConsole(): string | undefined {
  try {
    const directory = join(dirname(resolve('@continuo/console/package.json')), 'dist');
    return existsSync(join(directory, 'index.html')) ? directory : undefined;
  } catch {
    return undefined;
  }
}
