/** A project of a user's in a directory of its own, and the built command in it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { makeTestDirectory } from '../../../server/test/support/test-directory.js';

const command = fileURLToPath(new URL('../../bin/continuo.js', import.meta.url));
const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
  },
  include: ['src'],
};

const files = {
  'package.json': JSON.stringify({ name: 'greeter', type: 'module', private: true }),
  'tsconfig.json': JSON.stringify(tsconfig),
  'src/words.ts': `import { Injectable } from '@nestjs/common';
@Injectable()
export class Words {
  hello(): string {
    return 'Hello';
  }
}
`,
  'src/greeter.agent.ts': `import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { A2AAgent, A2AAgentBaseService, remark, type TaskContext } from '@continuo/server';
import { z } from 'zod';
import { Words } from './words.js';

@A2AAgent({ type: 'demo', name: 'greeter', description: 'Greets people.' })
export class GreeterAgent extends A2AAgentBaseService {
  constructor(private readonly words: Words) {
    super();
  }

  async execute(task: TaskContext) {
    if (task.text === 'ask') {
      const schema = z.object({ ok: z.boolean() });
      const { data } = await task.requestInput('Shall I?', { schema });
      return \`You said \${JSON.stringify(data)}\`;
    }
    if (task.text === 'report') {
      await task.artifact({ name: 'report.md', parts: 'All is well.' });
      return remark('The report is ready.');
    }
    if (task.text === 'word') return remark('There is nothing to report.');
    if (task.text === 'slow') {
      await task.progress(0.5, 'Waiting for the file go');
      await task.step('wait', async () => {
        writeFileSync(this.words.hello(), '');
        while (!existsSync('go')) await delay(50);
      });
    }
    return \`\${this.words.hello()}, \${task.text}!\`;
  }
}
`,
  'src/main.ts': `import { startServer } from '@continuo/server';
import { GreeterAgent } from './greeter.agent.js';
import { Words } from './words.js';

await startServer({ agents: [GreeterAgent], providers: [Words] });
`,
};

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Going {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
  /** What it wrote so far, to both. */
  output(): string;
}

export class Project {
  constructor(
    readonly directory: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  has(path: string): boolean {
    return existsSync(join(this.directory, path));
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  edit(path: string, from: string, to: string): void {
    this.write(path, this.read(path).replace(from, to));
  }

  start(words: readonly string[], env: Readonly<Record<string, string>> = {}): Going {
    const child = spawn(process.execPath, [command, ...words], {
      cwd: this.directory,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    const ended = new Promise<Run>((resolve) => child.once('close', (code) => resolve({ code, ...said })));
    const takeBack = afterThisTest(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    void ended.then(takeBack);
    return { child, ended, output: () => said.stdout + said.stderr };
  }

  run(...words: readonly string[]): Promise<Run> {
    return this.start(words).ended;
  }
}

/** `env` is what its commands are handed beside PATH. */
export async function makeProject(env: Readonly<Record<string, string>>): Promise<Project> {
  const directory = await makeTestDirectory('project');
  const project = new Project(directory, env);
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  symlinkSync(modules, join(directory, 'node_modules'));
  return project;
}
