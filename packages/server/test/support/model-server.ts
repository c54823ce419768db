/** A server in this process whose agents ask a local model over its wire protocol. */
import type { Type } from '@nestjs/common';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from './database.js';
import { startOpenAiServer, type ChatMessage, type OpenAiServer } from './openai-server.js';
import { afterThisTest } from './outcome.js';
import { saidBy } from './answers.js';

export interface ModelServer {
  readonly url: string;
  readonly databaseUrl: string;
  readonly openAi: OpenAiServer;
  /** A task of `agent`, as it ended. */
  ask(agent: string, message: unknown, sessionId?: string): Promise<Task>;
  /** What the model was shown at its last call, without the system prompt. */
  lastPrompt(): readonly ChatMessage[];
}

export async function startModelServer(
  agents: readonly Type<A2AAgentBaseService>[],
  env: Readonly<Record<string, string>> = {},
): Promise<ModelServer> {
  const openAi = await startOpenAiServer();
  const database = await createTestDatabase();
  const server = await startServer({
    agents,
    env: {
      PORT: '0',
      DATABASE_URL: database.url,
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_MODEL: 'openai-compatible/test-model',
      CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
      CONTINUO_MODEL_API_KEY: 'sk-secret',
      ...env,
    },
  });
  afterThisTest(() => server.stop());
  return {
    url: server.url,
    databaseUrl: database.url,
    openAi,
    ask: async (agent, message, sessionId) => {
      const response = await fetch(`${server.url}/agents/${agent}/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message, wait: true, ...(sessionId === undefined ? {} : { sessionId }) }),
      });
      const body: unknown = await response.json();
      if (!response.ok) throw new Error(`the task was refused: ${JSON.stringify(body)}`);
      return body as Task;
    },
    lastPrompt: () => (openAi.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system'),
  };
}

/** What the task said last. */
export function answerOf(task: Task): string {
  return saidBy(task);
}
