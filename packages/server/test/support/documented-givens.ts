/** What the examples of the documents take for granted: names of packages, and things of a shop that sells shoes. */

/** By module, what examples may name without importing it. */
export const importable: Readonly<Record<string, readonly string[]>> = {
  '@continuo/server': [
    'A2AAgent',
    'A2AAgentBaseService',
    'ContextAgentBaseService',
    'ContinuoModule',
    'EMBEDDINGS',
    'ExternalA2AAgentBaseService',
    'FunctionAgentBaseService',
    'OrchestratorAgentBaseService',
    'judge',
    'startServer',
    'tool',
    'type AgentOptions',
    'type Embeddings',
    'type EvaluationReport',
    'type TaskContext',
  ],
  '@continuo/agent/testing': ['testTask'],
  '@continuo/client': ['ContinuoClient'],
  '@nestjs/common': ['Inject', 'Module', 'Optional'],
  '@nestjs/core': ['NestFactory'],
  '@nestjs/platform-express': ['type NestExpressApplication'],
  vitest: ['expect', 'it'],
  zod: ['z'],
};

const agents = ['RefundsAgent', 'NewRefundsAgent', 'LettersAgent', 'ClerkAgent', 'SupportAgent', 'AddAgent'];

const things = `import type { ContinuoClient } from '@continuo/client';
import { A2AAgentBaseService, ContextAgentBaseService, type EvaluationReport } from '@continuo/server';
import { z } from 'zod';

interface Order { readonly id: string; readonly amount: number; readonly size: number }
export declare class OrdersService {
  find(id: string): Promise<Order>;
  refund(id: string, key: string): Promise<void>;
}
export declare class AdviserAgent extends ContextAgentBaseService { protected readonly context: string }
${agents.map((name) => `export declare class ${name} extends A2AAgentBaseService { execute(): Promise<string> }`).join('\n')}
export declare const order: Order;
export declare const orders: { find(order: number, options: { signal: AbortSignal }): Promise<Order> };
export declare const payments: { refund(order: object): Promise<string> };
export declare const refund: { text: string; answers: string[]; calls: Record<string, string> };
export declare const token: string;
export declare const brief: string;
export declare const texts: string[];
export declare const notes: string[];
export declare const url: string;
export declare const client: ContinuoClient;
export declare const before: EvaluationReport;
export declare const embeddings: { embed(texts: readonly string[]): Promise<{ vectors: number[][]; tokens: number }> };
export declare const planSchema: z.ZodObject<{ title: z.ZodString }>;
export declare function greet(order: Order): Promise<void>;
export declare function check(order: Order): Promise<void>;
export declare function isKnown(key: string): Promise<boolean>;
export declare function signInAgain(): Promise<string>;
export declare function currentToken(): string;
export declare const providers: (typeof OrdersService)[];
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
