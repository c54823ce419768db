/** Secrets in files, as Docker, Kubernetes and systemd hand them out: `NAME_FILE` says where the value of `NAME` is. */
import { readFileSync } from 'node:fs';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { hidingLooks } from './secrets.js';

const SUFFIX = '_FILE';

export interface WithFiles {
  /** With the values that were read; the same object where there are none. */
  readonly env: NodeJS.ProcessEnv;
  /** What is wrong, a line for each variable; never what a file holds. */
  readonly complaints: readonly string[];
}

export function fileVariable(name: string): string {
  return `${name}${SUFFIX}`;
}

/** Reads the files of the variables `secrets`. A line break at the end of a file is not part of its value. */
export function withSecretFiles(env: NodeJS.ProcessEnv, secrets: readonly string[]): WithFiles {
  const read: Record<string, string> = {};
  const complaints: string[] = [];
  for (const name of secrets) {
    const path = env[fileVariable(name)];
    if (!path) continue;
    try {
      if (env[name]) throw new Error(`${name} is set as well: only one of them can count.`);
      const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
      if (value === '') throw new Error('The file is empty.');
      read[name] = value;
    } catch (error) {
      complaints.push(
        hidingLooks(
          `  ${fileVariable(name)}: found ${JSON.stringify(path)}, expected the path of a file that holds ${name}\n    ${messageOf(error)}`,
        ),
      );
    }
  }
  return { env: Object.keys(read).length === 0 ? env : { ...env, ...read }, complaints };
}
