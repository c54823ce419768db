/** What language models took for a task, in the words of OpenAI's two APIs; zeros where none were asked. */
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { USAGE_EXTENSION, type Usage } from '@continuo/agent/internal/tasks/usage.js';

export interface UsageOfTask {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
  readonly total: number;
}

export function usageOf({ metadata }: Pick<Task, 'metadata'>): UsageOfTask {
  const usage = (metadata?.[USAGE_EXTENSION] ?? {}) as Partial<Usage>;
  return {
    input: usage.inputTokens ?? 0,
    cached: usage.cachedInputTokens ?? 0,
    output: usage.outputTokens ?? 0,
    reasoning: usage.reasoningTokens ?? 0,
    total: usage.totalTokens ?? 0,
  };
}
