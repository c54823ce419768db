/** Node.js, the packages of the project, and how its TypeScript is compiled. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findConsole } from '@continuo/server/commands';
import { compilerOf } from '../dev/type-check.js';
import { noted, ok, wrong, type Finding } from './finding.js';

const LEAST_NODE = [20, 19] as const;

/** Which majors fit, and what to do about others. */
const packages = [
  { about: 'Nest', name: '@nestjs/core', major: 12, remedy: 'npm install @nestjs/core@12 @nestjs/common@12' },
  { about: 'zod', name: 'zod', major: 4, remedy: 'npm install zod@4' },
] as const;

export function* projectFindings(directory: string): Generator<Finding> {
  yield nodeFinding(process.versions.node);
  yield serverFinding(directory);
  for (const { about, name, major, remedy } of packages) {
    const version = versionOf(name, directory);
    if (version === undefined) continue;
    const fits = Number(version.split('.')[0]) === major;
    yield fits
      ? ok(about, `${name} ${version}`)
      : wrong(about, `${name} is ${version}, and Continuo needs ${major}`, remedy);
  }
  yield findConsole() === undefined
    ? noted('console', 'not installed', 'To have it: npm install @continuo/console')
    : ok('console', 'installed');
  yield* metadataFindings(directory);
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isNew
    ? ok('Node.js', version)
    : wrong('Node.js', `${version} is too old`, `Install ${LEAST_NODE.join('.')} or newer.`);
}

function serverFinding(directory: string): Finding {
  const version = versionOf('@continuo/server', directory);
  const own = versionOf('@continuo/server', dirname(fileURLToPath(import.meta.url)));
  if (version === undefined) {
    return noted(
      'server',
      'there is none in this directory',
      'In a project of yours: npm install @continuo/server @nestjs/platform-express',
    );
  }
  return own === undefined || own === version
    ? ok('server', `@continuo/server ${version}`)
    : wrong('server', `@continuo/server is ${version}, this command is for ${own}`, `npm install continuo@${version}`);
}

/** What Nest injects by: without it services are undefined where they are used. */
function* metadataFindings(directory: string): Generator<Finding> {
  if (!existsSync(join(directory, 'tsconfig.json'))) return;
  const compiler = compilerOf(directory);
  if (compiler === undefined) {
    yield noted('TypeScript', 'not installed: nobody checks types', 'npm install --save-dev typescript');
    return;
  }
  const words = [compiler, '-p', 'tsconfig.json', '--showConfig'];
  const { stdout, status } = spawnSync(process.execPath, words, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) {
    yield wrong('TypeScript', `tsconfig.json can't be read: ${stdout.trim()}`, 'Mend tsconfig.json.');
    return;
  }
  const { compilerOptions: options = {} } = JSON.parse(stdout) as {
    readonly compilerOptions?: Readonly<Record<string, unknown>>;
  };
  const lacking = ['experimentalDecorators', 'emitDecoratorMetadata'].filter((name) => options[name] !== true);
  yield lacking.length === 0
    ? ok('TypeScript', 'decorators with metadata: services are injected by their types')
    : wrong(
        'TypeScript',
        `tsconfig.json lacks ${lacking.map((name) => `"${name}": true`).join(' and ')}: services that agents inject by type are undefined`,
        'Add it to "compilerOptions", or name each service with @Inject().',
      );
}

/** Of what a program in `directory` would import; a package need not show its package.json. */
function versionOf(name: string, directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version?: string }).version;
    if (dirname(at) === at) return undefined;
  }
}
