/** Where a Chromium is: the one that CHROMIUM_PATH names, the one of the npm package, or one that is installed. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const installed = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
// Its pages are ours alone, and root has no sandbox.
const args = ['--no-sandbox', '--disable-dev-shm-usage', '--hide-scrollbars', '--font-render-hinting=none'];

let browser: Promise<Browser> | undefined;

/** One for all files of a process, which goes with it; another one where it has died. */
export async function theBrowser(): Promise<Browser> {
  if (browser !== undefined && !(await browser).isConnected()) browser = undefined;
  browser ??= launchChromium();
  return browser;
}

async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium();
  try {
    return await chromium.launch({ executablePath, args });
  } catch (error) {
    // A browser that dies while it starts tells nothing about our pages.
    if (/signal=SIG/.test(String(error))) return chromium.launch({ executablePath, args });
    const libraries = join(executablePath, '../al2023/lib');
    if (!existsSync(libraries) || !/shared libraries/.test(String(error))) throw error;
    // A bare machine lacks some that Chromium needs; the package brings them.
    return chromium.launch({ executablePath, args, env: { ...definedOnly(process.env), LD_LIBRARY_PATH: libraries } });
  }
}

async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked();
  const paths = (process.env.PATH ?? '').split(delimiter).flatMap((path) => installed.map((name) => join(path, name)));
  const found = [...paths, onMac].find((path) => existsSync(path));
  if (found === undefined) throw new Error('These tests need a Chromium: install one, or name it with CHROMIUM_PATH.');
  return found;
}

/** Unpacks the package's Chromium once per user: two that do so at the same moment end up with one whole copy. */
async function unpacked(): Promise<string> {
  const directory = join(tmpdir(), `continuo-chromium-143-${userInfo().uid}`);
  const executable = join(directory, 'chromium');
  if (existsSync(executable)) return executable;
  const own = await mkdtemp(`${directory}-`);
  const before = { TMPDIR: process.env.TMPDIR, AWS_LAMBDA_JS_RUNTIME: process.env.AWS_LAMBDA_JS_RUNTIME };
  try {
    // It unpacks below TMPDIR; and with its libraries only where it believes to be in a bare place.
    Object.assign(process.env, { TMPDIR: own, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
    const { default: packed } = await import('@sparticuz/chromium');
    await packed.executablePath();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
  try {
    await rename(own, directory);
  } catch {
    await rm(own, { recursive: true, force: true });
  }
  return executable;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
