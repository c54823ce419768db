/** Runs `npm run check-tasks` as its script does, against the agents of deployed-agents.mjs. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../dist/check/check-command.js', import.meta.url));
export const deployedAgents = fileURLToPath(new URL('./deployed-agents.mjs', import.meta.url));

export interface CheckRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends when the command has. */
export function runCheck(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<CheckRun> {
  const child = spawn(process.execPath, [command, ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
