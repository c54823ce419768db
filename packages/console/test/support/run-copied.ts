/** Runs what somebody copied from the console, as they would. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { freePort } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';

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
  const url = /^curl -sSN?(?: -i)? '([^']+)'/.exec(command)?.[1] ?? '';
  const quoted = / --data-binary '(.*)'$/s.exec(command)?.[1]?.replaceAll(String.raw`'\''`, "'");
  const given = quoted ?? /<<'JSON'\n(.*)\nJSON\n$/s.exec(command)?.[1];
  const headers = [...command.matchAll(/-H ['"]([\w-]+): ([^'"]+)['"]/g)].map(([, name = '', value = '']) => [
    name,
    value.replace('$CONTINUO_API_KEY', key ?? ''),
  ]);
  const asked = given === undefined ? {} : { method: 'POST', body: given };
  const response = await fetch(url, { ...asked, headers: Object.fromEntries(headers) as HeadersInit });
  const status = command.startsWith('curl -sS -i') ? `HTTP/1.1 ${response.status}\n\n` : '';
  return `${status}${await response.text()}`;
}

/** Starts a program that receives webhooks at port 5000, at another one; gives its address. */
export async function startReceiving(code: string, secret: string): Promise<string> {
  const port = await freePort();
  const program = code.replace('.listen(5000)', `.listen(${port}, '127.0.0.1')`);
  const env = { ...withKey(undefined), WEBHOOK_SECRET: secret };
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd, env, stdio: 'ignore' });
  afterThisTest(async () => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}/`;
  await until(() => fetch(url).then(({ status }) => status === 401), { what: 'the receiver to be started' });
  return url;
}

function withKey(key: string | undefined): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, ...(key === undefined ? {} : { CONTINUO_API_KEY: key }) };
}
