/** The web console, where it is installed and built: static files below `/console/`, to which `/` leads. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';

const { resolve } = createRequire(import.meta.url);

/** Undefined where there is none. */
export function consoleFiles(): RequestHandler | undefined {
  const directory = findConsole();
  if (directory === undefined) return undefined;
  const router = Router();
  router.get('/', (_request, response) => response.redirect('/console/'));
  // The names of these files are hashes of what is in them.
  router.use(
    '/console/assets',
    express.static(join(directory, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  );
  router.use('/console', express.static(directory, { index: false, redirect: false }));
  // All other addresses are pages, and the one document shows them all.
  router.get(/^\/console(\/(?!assets\/).*)?$/, (_request, response) => {
    response.sendFile(join(directory, 'index.html'), { cacheControl: false, headers: { 'cache-control': 'no-cache' } });
  });
  return router;
}

function findConsole(): string | undefined {
  try {
    const directory = join(dirname(resolve('@continuo/console/package.json')), 'dist');
    return existsSync(join(directory, 'index.html')) ? directory : undefined;
  } catch {
    return undefined;
  }
}
