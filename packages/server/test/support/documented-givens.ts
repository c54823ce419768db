/** What the examples of the documents take for granted: names of packages, and things of a shop that sells shoes. */

/** By module, what examples may name without importing it. */
export const importable: Readonly<Record<string, readonly string[]>> = {
  '@continuo/server': [
    'A2AAgent',
    'A2AAgentBaseService',
    'ContextAgentBaseService',
    'ContinuoError',
    'ContinuoModule',
    'EMBEDDINGS',
    'ExternalA2AAgentBaseService',
    'FunctionAgentBaseService',
    'LANGUAGE_MODEL',
    'OrchestratorAgentBaseService',
    'TaskFailedError',
    'checkTasks',
    'contains',
    'evaluate',
    'failTaskOf',
    'fromAISDK',
    'fromLangGraph',
    'fromMastra',
    'judge',
    'remark',
    'startServer',
    'tool',
    'withFallbacks',
    'type AgentOptions',
    'type Agents',
    'type Embeddings',
    'type EvaluationReport',
    'type Scorer',
    'type Sessions',
    'type TaskContext',
    'type Tasks',
  ],
  '@continuo/agent/testing': ['testTask'],
  '@continuo/client': ['ContinuoClient', 'ServerConnection', 'TaskFold', 'agentNameFrom', 'answerOf', 'textOf'],
  '@continuo/client/react': ['ContinuoProvider', 'useSession', 'useTask'],
  '@continuo/mail': ['startMailChannel'],
  '@continuo/swarm': ['agents'],
  '@langchain/langgraph': ['MessagesAnnotation', 'START', 'StateGraph'],
  '@nestjs/common': ['Inject', 'Injectable', 'Module', 'Optional', 'type Logger'],
  '@nestjs/core': ['NestFactory'],
  '@nestjs/platform-express': ['type NestExpressApplication'],
  ai: ['ToolLoopAgent'],
  'node:fs': ['openAsBlob'],
  vitest: ['expect', 'it'],
  zod: ['z'],
};

const agents = [
  'RefundsAgent',
  'NewRefundsAgent',
  'LettersAgent',
  'ClerkAgent',
  'SupportAgent',
  'AddAgent',
  'GreeterAgent',
];

const things = `import type { ContinuoClient } from '@continuo/client';
import type { Hash } from 'node:crypto';
import { openai as provided } from '@ai-sdk/openai';
import { A2AAgentBaseService, ContextAgentBaseService, type EvaluationReport, type MastraAgent } from '@continuo/server';
import type { Tool } from 'ai';
import type { ComponentType } from 'react';
import { z } from 'zod';

interface Order { readonly id: string; readonly amount: number; readonly size: number }
interface Named { readonly name: string }
export declare class OrdersService {
  find(id: string): Promise<Order>;
  refund(id: string, key: string): Promise<void>;
}
export declare class AdviserAgent extends ContextAgentBaseService { protected readonly context: string }
${agents.map((name) => `export declare class ${name} extends A2AAgentBaseService { execute(): Promise<string> }`).join('\n')}
export declare const order: Order;
export declare const orders: { find(order: number, options: { signal: AbortSignal }): Promise<Order> };
export declare const payments: { refund(order: object): Promise<string>; pay(order: string): Promise<string> };
export declare const refund: { text: string; answers: string[]; calls: Record<string, string> };
export declare const token: string;
export declare const brief: string;
export declare const texts: string[];
export declare const notes: string[];
export declare const url: string;
export declare const client: ContinuoClient;
export declare const before: EvaluationReport;
export declare const embeddings: { embed(texts: readonly string[], signal?: AbortSignal): Promise<{ vectors: number[][]; tokens: number }> };
export declare const planSchema: z.ZodObject<{ title: z.ZodString }>;
export declare function greet(order: Order): Promise<void>;
export declare function check(order: Order): Promise<void>;
export declare function isKnown(key: string): Promise<boolean>;
export declare function signInAgain(): Promise<string>;
export declare function currentToken(): string;
export declare const providers: (typeof OrdersService)[];
export declare class OrdersModule {}
export declare class ConfigModule {}
export declare class ConfigService { getOrThrow(name: string): string }
export declare const Agent: new (options: object) => MastraAgent;
export declare const anthropic: typeof provided;
export declare const openai: typeof provided;
export declare const lookUp: Tool<{ order: string }, string>;
export declare const research: () => Promise<{ messages: [] }>;
export declare const write: typeof research;
export declare const report: string;
export declare const files: Named[];
export declare function convert(task: object, file: Named): Promise<void>;
export declare const mail: { remind(data: unknown): Promise<void> };
export declare const hash: Hash;
export declare const signal: AbortSignal;
export declare const id: string;
export declare const sessionId: string;
export declare const messageId: string;
export declare const taskId: string;
export declare const secret: string;
export declare const user: { id: string };
export declare function render(task: object): void;
export declare function show(parts: readonly object[]): void;
export declare const App: ComponentType;
export declare function createRoot(element: object): { render(page: object): void };
export declare const element: object;
`;

export const given = {
  names: [...things.matchAll(/^export declare (?:class|const|function) (\w+)/gm)].map(([, name = '']) => name),
  /** By file, what stands beside the examples. */
  files: {
    'given.ts': things,
    'agents.ts':
      "import { OrdersService, RefundsAgent } from './given.js';\nexport const agents = [RefundsAgent];\nexport const providers = [OrdersService];\n",
    'add-agent.ts': "export { AddAgent } from './given.js';\n",
  },
} as const;
