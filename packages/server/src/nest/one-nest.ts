/** One copy of Nest and of this package in a process: what is injected goes by classes, and another copy has others. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteCopy, severalCopies } from '@continuo/agent/internal/platform/copies.js';

noteCopy('@continuo/server', import.meta.url);

const require = createRequire(import.meta.url);
/** A frame of the Nest that makes the application, as Node writes it. */
const CORE = /\(?((?:file:\/\/)?[^()\n]*?[\\/]@nestjs[\\/]core)[\\/]/;

/**
 * For a class that Nest is making: `injected` is what it was handed for `ModuleRef`, undefined where that is another
 * copy's. Throws PACKAGE_MISSING, naming both places.
 */
export function requireOneNest(injected: unknown): void {
  const core = placeOf('@nestjs/core', require);
  if (injected === undefined) throw severalCopies('@nestjs/core', [core, makingPlace()]);
  const common = placeOf('@nestjs/common', require);
  const commonOfCore = placeOf('@nestjs/common', createRequire(`${core}/package.json`));
  if (common !== commonOfCore) throw severalCopies('@nestjs/common', [common, commonOfCore]);
}

/** By the entry, which all versions have in the package's own directory: 12.0 doesn't export its package.json. */
function placeOf(name: string, from: NodeJS.Require): string {
  return dirname(from.resolve(name));
}

/** Where the Nest is that has called us. */
function makingPlace(): string {
  const [, place = ''] = CORE.exec(new Error('Who calls?').stack?.replace(/^\s*at /gm, '') ?? '') ?? [];
  if (place === '') return 'that of the application';
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}
