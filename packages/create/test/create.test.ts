/** What `npm create continuo` makes, of what it was told on the command line or when it asked. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeTestDirectory } from '../../server/test/support/test-directory.js';
import { until } from '../../server/test/support/until.js';
import { readCommandLine } from '../src/command-line.js';
import { create } from '../src/create.js';
import { ownVersion } from '../src/own-package.js';
import { templates } from '../src/templates.js';
import { toldTerminal } from './support/told-terminal.js';

let directory: string;

beforeEach(async () => {
  directory = await makeTestDirectory('create');
});

/** As `npm create continuo <words>` would, but for npm install. */
async function made(...words: readonly string[]): Promise<string> {
  const terminal = toldTerminal(directory);
  await create(readCommandLine([...words, '--no-install']), terminal);
  return terminal.told();
}

async function manifestOf(name: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  return JSON.parse(await readFile(join(directory, name, 'package.json'), 'utf8')) as never;
}

function git(name: string, ...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: join(directory, name), encoding: 'utf8' }).trim();
}

describe.each(templates)('the template $id', ({ id, firstCall }) => {
  it('becomes a project of that name, with our version', async () => {
    await made('my-agents', '--template', id);
    const files = await readdir(join(directory, 'my-agents'), { recursive: true });
    expect(files).toEqual(
      expect.arrayContaining(['.env.example', '.gitignore', 'README.md', 'src/main.ts', 'tsconfig.json', 'test']),
    );
    expect(files.filter((file) => file.startsWith('src/agents/'))).not.toEqual([]);
    expect(files).not.toContain('_gitignore');
    const { name, scripts, dependencies } = await manifestOf('my-agents');
    expect(name).toBe('my-agents');
    expect(scripts).toEqual({ dev: 'continuo dev', build: 'tsc -p .', start: 'continuo start', test: 'vitest run' });
    expect(dependencies).toMatchObject({ '@continuo/server': `^${ownVersion()}`, continuo: `^${ownVersion()}` });
  });

  it('says what next: its own first call', async () => {
    const told = await made('my-agents', '--template', id);
    expect(told).toContain('cd my-agents');
    expect(told).toContain('npm run dev');
    expect(told).toContain(`npx continuo call ${firstCall}`);
    const readme = await readFile(join(directory, 'my-agents/README.md'), 'utf8');
    expect(readme).toContain(`npx continuo call ${firstCall}`);
  });
});

describe('without a terminal', () => {
  it('asks nothing, and makes my-agents of the template minimal', async () => {
    await made();
    expect((await manifestOf('my-agents')).name).toBe('my-agents');
    expect(await readdir(join(directory, 'my-agents/src/agents'))).toEqual(['greeter.agent.ts']);
  });

  it('makes the project where it stands, when it is told so', async () => {
    await mkdir(join(directory, 'here'));
    const terminal = toldTerminal(join(directory, 'here'));
    await create(readCommandLine(['.', '--no-install']), terminal);
    expect((await manifestOf('here')).name).toBe('here');
    expect(terminal.told()).not.toContain('cd ');
  });

  it('takes a scope into the name, not into the directory', async () => {
    await made('@acme/agents');
    expect((await manifestOf('agents')).name).toBe('@acme/agents');
  });
});

describe('in a terminal', () => {
  it('asks for the directory and the template', async () => {
    const terminal = toldTerminal(directory, { isInteractive: true });
    const creating = create(readCommandLine(['--no-install', '--no-git']), terminal);
    await until(() => terminal.told().includes('Where shall the project be?'), { what: 'the first question' });
    terminal.type('trips\r');
    await until(() => terminal.told().includes('What do you want to begin with?'), { what: 'the second question' });
    terminal.type('\u001B[A\r');
    await creating;
    expect((await manifestOf('trips')).name).toBe('trips');
    expect(await readdir(join(directory, 'trips/src/agents'))).toContain('planner.agent.ts');
  });

  it('says what is wrong with a name, and goes on when it is mended', async () => {
    const terminal = toldTerminal(directory, { isInteractive: true });
    const creating = create(readCommandLine(['--template', 'minimal', '--no-install', '--no-git']), terminal);
    await until(() => terminal.told().includes('Where shall the project be?'), { what: 'the question' });
    terminal.type('Trips\r');
    await until(() => terminal.told().includes("can't be the name"), { what: 'the refusal' });
    terminal.type('\u007F'.repeat('Trips'.length));
    terminal.type('trips\r');
    await creating;
    expect((await manifestOf('trips')).name).toBe('trips');
  });

  it('writes nothing when it is cancelled', async () => {
    const terminal = toldTerminal(directory, { isInteractive: true });
    const creating = create(readCommandLine([]), terminal);
    await until(() => terminal.told().includes('Where shall the project be?'), { what: 'the question' });
    terminal.type('\u0003');
    await expect(creating).rejects.toThrow('Nothing was written.');
    expect(await readdir(directory)).toEqual([]);
  });

  it('asks nothing with --yes', async () => {
    const terminal = toldTerminal(directory, { isInteractive: true });
    await create(readCommandLine(['--yes', '--no-install', '--no-git']), terminal);
    expect((await manifestOf('my-agents')).name).toBe('my-agents');
  });
});

describe('what is refused, with nothing written', () => {
  it.each([
    [['My Agents'], /"My Agents" can't be the name of a package: .* How about "my-agents"\?/],
    [['node_modules'], /"node_modules" can't be the name of a package/],
    [['.hidden'], /"\.hidden" can't be the name of a package: .* How about "hidden"\?/],
    [['agents', '--template', 'huge'], 'There is no template "huge". Choose one of: minimal, llm, nest, team.'],
    [['agents', 'more'], 'One directory is enough, but there are 2: agents, more.'],
    [['agents', '--tempalte', 'llm'], /Unknown option '--tempalte'\. .*--help/],
    [['--template'], '--template needs a name: minimal, llm, nest, team.'],
    [['--template', '--yes'], '--template needs a name: minimal, llm, nest, team.'],
    [['--no-git=1'], /'--no-git' does not take an argument\. .*--help/],
  ])('%j', async (words, reason) => {
    await expect(made(...words)).rejects.toThrow(reason);
    expect(await readdir(directory)).toEqual([]);
  });

  it('a directory with something in it', async () => {
    await mkdir(join(directory, 'full'));
    for (const name of ['a', 'b', 'c', 'd']) await writeFile(join(directory, 'full', name), '');
    await expect(made('full')).rejects.toThrow('full is not empty (a, b, c and 1 more). Choose another directory.');
    expect(await readdir(join(directory, 'full'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a file in the place of the directory, or above it', async () => {
    await writeFile(join(directory, 'taken'), '');
    await expect(made('taken')).rejects.toThrow("taken can't be a directory: a file is in its place");
    await expect(made('taken/agents')).rejects.toThrow(
      "agents can't be a directory: a file is in its place, or above it.",
    );
  });
});

describe('the git repository', () => {
  it('has all files in a first commit', async () => {
    expect(await made('agents')).toContain('Made a git repository with a first commit.');
    expect(git('agents', 'status', '--porcelain')).toBe('');
    expect(git('agents', 'rev-list', '--count', 'HEAD')).toBe('1');
    expect(git('agents', 'ls-files')).toContain('src/main.ts');
  });

  it('is not made with --no-git', async () => {
    await made('agents', '--no-git');
    expect(await readdir(join(directory, 'agents'))).not.toContain('.git');
  });

  it('is that of an empty clone', async () => {
    await mkdir(join(directory, 'clone'));
    git('clone', 'init', '--quiet');
    await made('clone');
    expect(git('clone', 'rev-list', '--count', 'HEAD')).toBe('1');
  });

  it('is left alone when it is that of a directory above', async () => {
    git('.', 'init', '--quiet');
    expect(await made('agents')).toContain('Left git alone');
    expect(await readdir(join(directory, 'agents'))).not.toContain('.git');
  });
});
