/** What the project's own TypeScript says about its types: beside the compiling, which does not look at them. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** An unfinished test is no reason to hold an edit back. */
const TEST = /(^|\/)(test|tests|__tests__)\/|\.(test|spec)\.[cm]?tsx?$/;
const PLACE = /^(?<path>.+?)\(\d+,\d+\): error /;

export interface TypeErrors {
  /** As the compiler prints them. */
  readonly lines: readonly string[];
  /** Those of them that are in the program. */
  readonly count: number;
}

/** `cache`: a directory for what it remembers. Undefined where there is nothing to check: no tsconfig.json, or no TypeScript in the project. */
export function typeChecker(directory: string, cache: string): (() => Promise<TypeErrors>) | undefined {
  const compiler = compilerOf(directory);
  if (!existsSync(join(directory, 'tsconfig.json')) || compiler === undefined) return undefined;
  const words = [
    '-p',
    'tsconfig.json',
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    join(cache, 'types.tsbuildinfo'),
    '--pretty',
    'false',
  ];
  return async () => {
    const child = spawn(process.execPath, [compiler, ...words], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await new Promise((resolve) => child.once('close', resolve));
    return errorsIn(said);
  };
}

/** Lines that begin with a space go on with the error above them. */
function errorsIn(said: string): TypeErrors {
  const lines: string[] = [];
  let count = 0;
  let isOurs = false;
  for (const line of said.split('\n').filter((text) => text.trim() !== '')) {
    if (!line.startsWith(' ')) {
      const path = PLACE.exec(line)?.groups?.['path'];
      isOurs = path === undefined ? line.startsWith('error ') : !TEST.test(path.replaceAll('\\', '/'));
      if (isOurs) count += 1;
    }
    if (isOurs) lines.push(line);
  }
  return { lines, count };
}

export function compilerOf(directory: string): string | undefined {
  try {
    const path = createRequire(join(directory, 'package.json')).resolve('typescript/package.json');
    const { bin } = JSON.parse(readFileSync(path, 'utf8')) as { readonly bin?: Readonly<Record<string, string>> };
    return bin?.['tsc'] === undefined ? undefined : join(dirname(path), bin['tsc']);
  } catch {
    return undefined;
  }
}
