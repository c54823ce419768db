/** Runs a program to its end. */
import { spawn } from 'node:child_process';

export interface Ended {
  /** Null when a signal ended it, or it isn't there. */
  readonly code: number | null;
  /** stdout and stderr, as they came. */
  readonly output: string;
}

/** Never rejects: a program that isn't there has ended without a code. */
export function runProgram(command: string, words: readonly string[], directory: string): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    const add = (text: string): void => void (output += text);
    // npm is a script there; nothing that it is given comes from people.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, words, { cwd: directory, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
