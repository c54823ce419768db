/** Runs what somebody copied from the console, as they would. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Where a program finds the packages of this repository. */
const cwd = fileURLToPath(new URL('../../../..', import.meta.url));

/** Gives what it printed; rejects where it fails. `key`: what CONTINUO_API_KEY is. */
export async function runProgram(code: string, key?: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd, env: withKey(key) });
  return stdout;
}

/** Where there is no curl, the same request is made without it. */
export async function runCurl(command: string, key?: string): Promise<string> {
  if (spawnSync('curl', ['--version']).status === 0) {
    const { stdout } = await run('sh', ['-c', command], { env: withKey(key) });
    return stdout;
  }
  const url = /^curl -sSN? '([^']+)'/.exec(command)?.[1] ?? '';
  const body = /<<'JSON'\n(.*)\nJSON\n$/s.exec(command)?.[1] ?? '';
  const headers = [...command.matchAll(/-H ['"]([\w-]+): ([^'"]+)['"]/g)].map(([, name = '', value = '']) => [
    name,
    value.replace('$CONTINUO_API_KEY', key ?? ''),
  ]);
  const response = await fetch(url, { method: 'POST', headers: Object.fromEntries(headers) as HeadersInit, body });
  return response.text();
}

function withKey(key: string | undefined): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, ...(key === undefined ? {} : { CONTINUO_API_KEY: key }) };
}
