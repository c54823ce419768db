/** Evaluated before all else: without the Nest and the zod that this package is made for, what follows fails in ways that name neither. */
import { createRequire } from 'node:module';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

const require = createRequire(import.meta.url);

interface Manifest {
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const { peerDependencies = {} } = require('../../package.json') as Manifest;

/** Those whose other major versions go by the same names and are found in many projects. */
for (const name of ['@nestjs/common', '@nestjs/core', 'zod']) refuseOther(name, majorOf(peerDependencies[name] ?? ''));

/** Throws PACKAGE_MISSING for another major version. One that can't be read is left to whoever imports it. */
function refuseOther(name: string, wanted: string): void {
  const found = versionOf(name);
  if (found === undefined || majorOf(found) === wanted) return;
  const said = name === 'zod' ? `zod ${wanted}` : `Nest ${wanted}`;
  const command = `npm install ${name === 'zod' ? `zod@${wanted}` : `@nestjs/common@${wanted} @nestjs/core@${wanted} @nestjs/platform-express@${wanted}`}`;
  throw new ContinuoError('PACKAGE_MISSING', `Continuo needs ${said}, and finds ${name} ${found}. Run: ${command}`);
}

function versionOf(name: string): string | undefined {
  try {
    return (require(`${name}/package.json`) as Manifest).version;
  } catch {
    return undefined;
  }
}

/** `12` of `^12.0.0` and `12.5.1`. */
function majorOf(version: string): string {
  return /\d+/.exec(version)?.[0] ?? '';
}
