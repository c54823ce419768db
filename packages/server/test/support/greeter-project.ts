/** Somebody's own program: the files of a small project with one agent. */
import { randomUUID } from 'node:crypto';
import type { Project } from './foreign-project.js';
import { until } from './until.js';

/** The tsconfig.json that docs/install.md names; nothing that the packages declare is left unchecked. */
export const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: false,
  },
  include: ['src'],
};

/** An agent that greets with the help of a service, which is injected by its type. */
const greeter = `import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '@continuo/server';

@Injectable()
export class Greetings {
  of(name: string): string {
    return \`Hello, \${name}!\`;
  }
}

@A2AAgent({ type: 'function', name: 'greeter', description: 'Greets whoever writes.' })
export class GreeterAgent extends A2AAgentBaseService {
  constructor(private readonly greetings: Greetings) {
    super();
  }

  async execute(task: TaskContext): Promise<string> {
    return await task.step('greet', () => this.greetings.of(task.text));
  }
}
`;

const main = `import { startServer } from '@continuo/server';
import { GreeterAgent, Greetings } from './greeter.js';

const server = await startServer({ agents: [GreeterAgent], providers: [Greetings] });
console.log(\`listens at \${server.url}\`);
`;

/** The versions that the repository itself is built with, so that npm has them at hand. */
export const tools = ['typescript@7.0.2', '@types/node@20.19.43'];

/**
 * The manifest of a new project. Nest names a version of file-type that asks for Node.js 22, for something that is not used
 * here: on Node.js 20 npm warns unless the project overrides it (docs/install.md).
 */
const manifest = {
  name: 'greeter',
  private: true,
  type: 'module',
  overrides: { 'file-type': '21.3.4' },
};

/** Writes a project with the service, the agent and a program that serves it on the port of the environment. */
export async function writeGreeter(project: Project): Promise<void> {
  await project.write({
    'package.json': manifest,
    'tsconfig.json': tsconfig,
    'src/greeter.ts': greeter,
    'src/main.ts': main,
  });
}

export interface Greeter {
  readonly url: string;
  output(): string;
  /** Stops it in order; the exit code is the answer. */
  stop(): Promise<number | null>;
}

/** Starts a program of the project, and resolves when it says where it listens. */
export async function serve(
  project: Project,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<Greeter> {
  const running = project.start('node', [program], { PORT: '0', CONTINUO_LOG_LEVEL: 'warn', ...env });
  const gone = running.exited.then((code) => {
    throw new Error(`${program} ended with ${code}; it wrote:\n${running.output()}`);
  });
  const listens = until(() => /listens at (http:\/\/\S+)/.exec(running.stdout())?.[1], {
    what: `${program} to listen`,
  });
  return { url: await Promise.race([listens, gone]), output: () => running.output(), stop: () => running.stop() };
}

/** Sends "Ada" to the greeter over A2A, and answers with its artifact's text. */
export async function answerOf(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/agents/function/greeter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'SendMessage',
      params: { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'Ada' }] } },
    }),
  });
  const { result } = (await response.json()) as { readonly result?: { readonly task?: Answered } };
  return result?.task?.artifacts?.[0]?.parts[0]?.text;
}

interface Answered {
  readonly artifacts?: readonly { readonly parts: readonly { readonly text?: string }[] }[];
}
