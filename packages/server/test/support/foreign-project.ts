/** The packages as others get them: a registry on loopback that has our tarballs, and projects outside this repository. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, realpath, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterThisTest } from './outcome.js';
import { surroundings } from './server-process.js';
import { makeTestDirectory } from './test-directory.js';
import { until } from './until.js';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
/** Builds, installs the registry and publishes, all of it for the first time, on a busy machine. */
const OPEN_WITHIN_MS = 600_000;
const ENDS_WITHIN_MS = 600_000;
/** npm alone would end, and leave behind what it runs. */
const IN_GROUPS = process.platform !== 'win32';

export interface Registry {
  /** With a slash at its end. */
  readonly url: string;
}

export interface RegistryOptions {
  /** The same packages are there under this version, too, which comes before that of the repository. Default: they are not. */
  readonly before?: string;
}

/** An account of the machine. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface ProjectOptions {
  /** The Node.js that the project, and npm in it, run on: the path of its program. Default: the one that runs the tests. */
  readonly node?: string;
  /** Beside PATH, HOME and the like. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whose the directory is, and the processes. Default: those of whoever runs the tests. */
  readonly account?: Account | undefined;
}

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  /** stdout and stderr, as they came. */
  readonly all: string;
}

export interface Running {
  /** What it wrote to stdout so far. */
  stdout(): string;
  /** Everything it wrote so far, to stdout and stderr. */
  output(): string;
  /** Resolves with its exit code when it is gone; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Sends SIGTERM, to what it has started as well, as a terminal does with Ctrl-C, and waits for the end of all of it. */
  stop(): Promise<number | null>;
}

export interface Project {
  /** Outside the repository; removed after the test file unless one of its tests failed. */
  readonly directory: string;
  /** Writes files below the directory; what is no string becomes JSON. */
  write(files: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs npm, and rejects with all that it wrote unless it ends with 0. */
  npm(...words: readonly string[]): Promise<Output>;
  /** Runs `node` or a program of node_modules/.bin, and waits for its end, whatever its exit code is. */
  run(command: string, ...words: readonly string[]): Promise<Output>;
  /** The same for a program that goes on; ended after the test file at the latest. */
  start(command: string, words?: readonly string[], env?: Readonly<Record<string, string>>): Running;
  /** The project in a directory below, which something has made there. */
  inside(name: string): Project;
}

/** Publishes what the repository has to a registry of its own, and closes that after `use`. */
export async function withRegistry<Answer>(
  use: (registry: Registry) => Promise<Answer>,
  options: RegistryOptions = {},
): Promise<Answer> {
  const { url, close } = await openRegistry(options);
  try {
    return await use({ url });
  } finally {
    await close();
  }
}

async function openRegistry({ before }: RegistryOptions = {}): Promise<
  Registry & { readonly close: () => Promise<void> }
> {
  const words = before === undefined ? [] : ['--before', before];
  const child = spawn(process.execPath, [join(REPOSITORY, 'scripts/registry.mjs'), ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: IN_GROUPS,
  });
  const running = watch(child);
  const close = async (): Promise<void> => void (await running.stop());
  const ended = running.exited.then((code) => {
    throw new Error(`the registry ended with ${code}; it wrote:\n${running.output()}`);
  });
  const url = until(() => /^\{"url":"(.+)"\}$/m.exec(running.output())?.[1], {
    what: 'the registry',
    timeoutMs: OPEN_WITHIN_MS,
  });
  return { url: await Promise.race([url, ended]), close };
}

/** A directory with nothing in it, whose npm asks the registry. */
export async function emptyProject(registry: Registry, { node, env, account }: ProjectOptions = {}): Promise<Project> {
  const directory = await realpath(await makeTestDirectory('project'));
  if (account !== undefined) await chown(directory, account.uid, account.gid);
  const settings = {
    npm_config_registry: registry.url,
    // npm is asked for what was published a moment ago under a version that it may know from an earlier run.
    npm_config_prefer_online: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    NO_COLOR: '1',
  };
  return projectAt(directory, {
    program: node ?? process.execPath,
    env: { ...surroundings(), ...settings, ...(account === undefined ? {} : { HOME: directory }), ...env },
    account,
  });
}

interface Surroundings {
  /** Of Node.js. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly account: Account | undefined;
}

function projectAt(directory: string, around: Surroundings): Project {
  const { program, account } = around;
  const PATH = [dirname(program), join(directory, 'node_modules/.bin'), around.env['PATH']].join(delimiter);
  const own = async (path: string): Promise<void> => {
    if (account !== undefined) await chown(path, account.uid, account.gid);
  };
  const start = (command: string, words: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const child = spawn(command === 'node' ? program : command, words, {
      cwd: directory,
      env: { ...around.env, PATH, ...more },
      shell: process.platform === 'win32' && command !== 'node',
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: IN_GROUPS,
      ...account,
    });
    return watch(child);
  };
  const run = async (command: string, ...words: readonly string[]): Promise<Output> => {
    const running = start(command, words);
    const code = await within(running, `the end of ${command} ${words.join(' ')}`);
    return { code, stdout: running.stdout(), all: running.output() };
  };
  return {
    directory,
    write: async (files) => {
      for (const [name, content] of Object.entries(files)) {
        const file = join(directory, name);
        const made = await mkdir(dirname(file), { recursive: true });
        if (made !== undefined) await own(dirname(file));
        await writeFile(file, typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`);
        await own(file);
      }
    },
    npm: async (...words) => {
      const output = await run('npm', ...words);
      if (output.code !== 0) throw new Error(`npm ${words.join(' ')} ended with ${output.code}:\n${output.all}`);
      return output;
    },
    run,
    start,
    inside: (name) => projectAt(join(directory, name), around),
  };
}

async function within(running: Running, what: string): Promise<number | null> {
  let code: number | null | undefined;
  void running.exited.then((given) => (code = given));
  await until(() => code !== undefined, { what, timeoutMs: ENDS_WITHIN_MS }).catch((error: unknown) => {
    throw new Error(`it wrote:\n${running.output()}`, { cause: error });
  });
  return running.exited;
}

function watch(child: ChildProcess): Running {
  let all = '';
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    all += text;
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    all += text;
  });
  const exited = once(child, 'close').then(([code]: readonly (number | null)[]) => code ?? null);
  const send = (signal: NodeJS.Signals): void => {
    if (!IN_GROUPS || child.pid === undefined) {
      child.kill(signal);
      return;
    }
    try {
      process.kill(-child.pid, signal);
    } catch {
      // All of it has ended.
    }
  };
  const killNow = (): void => send('SIGKILL');
  process.once('exit', killNow);
  const stop = async (): Promise<number | null> => {
    send('SIGTERM');
    return exited;
  };
  const takeBack = afterThisTest(async () => void (await stop()));
  void exited.then(() => {
    process.off('exit', killNow);
    takeBack();
  });
  return { output: () => all, stdout: () => stdout, exited, stop };
}
