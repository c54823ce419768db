/** The packages as others get them: a registry on loopback that has our tarballs, and projects outside this repository. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterThisFile } from './outcome.js';
import { surroundings } from './server-process.js';
import { makeTestDirectory } from './test-directory.js';
import { until } from './until.js';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
/** Builds, installs the registry and publishes, all of it for the first time, on a busy machine. */
const OPEN_WITHIN_MS = 600_000;
const ENDS_WITHIN_MS = 600_000;

export interface Registry {
  /** With a slash at its end. */
  readonly url: string;
}

export interface ProjectOptions {
  /** The Node.js that the project, and npm in it, run on: the path of its program. Default: the one that runs the tests. */
  readonly node?: string;
  /** Beside PATH, HOME and the like. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
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
  /** Sends SIGTERM and waits for its end. */
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
}

/** Publishes what the repository has to a registry of its own, and closes that after `use`. */
export async function withRegistry<Answer>(use: (registry: Registry) => Promise<Answer>): Promise<Answer> {
  const { url, close } = await openRegistry();
  try {
    return await use({ url });
  } finally {
    await close();
  }
}

async function openRegistry(): Promise<Registry & { readonly close: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'scripts/registry.mjs')], {
    stdio: ['pipe', 'pipe', 'pipe'],
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

/** A directory with nothing in it but the way to the registry. */
export async function emptyProject(registry: Registry, { node, env = {} }: ProjectOptions = {}): Promise<Project> {
  const directory = await realpath(await makeTestDirectory('project'));
  // npm is asked for what was published a moment ago under a version that it may know from an earlier run.
  await writeFile(join(directory, '.npmrc'), `registry=${registry.url}\nprefer-online=true\naudit=false\nfund=false\n`);

  const around = surroundings();
  const program = node ?? process.execPath;
  const path = [dirname(program), join(directory, 'node_modules/.bin'), around.PATH].join(delimiter);
  const start = (command: string, words: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const child = spawn(command === 'node' ? program : command, words, {
      cwd: directory,
      env: { ...around, PATH: path, ...env, ...more },
      shell: process.platform === 'win32' && command !== 'node',
      stdio: ['ignore', 'pipe', 'pipe'],
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
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`);
      }
    },
    npm: async (...words) => {
      const output = await run('npm', ...words);
      if (output.code !== 0) throw new Error(`npm ${words.join(' ')} ended with ${output.code}:\n${output.all}`);
      return output;
    },
    run,
    start,
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
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return exited;
  };
  const takeBack = afterThisFile(async () => void (await stop()));
  void exited.then(() => {
    process.off('exit', killNow);
    takeBack();
  });
  return { output: () => all, stdout: () => stdout, exited, stop };
}
