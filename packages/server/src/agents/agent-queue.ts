/** The queue that holds back the tasks of an agent with limits. */
import type { z } from 'zod';
import type { limitsSchema } from '@continuo/agent/internal/agents/agent-limits.js';
import { agentQueue, type LimitedQueue } from '../runs/queues.js';

interface Limited {
  readonly key: string;
  readonly description: { readonly limits?: z.output<typeof limitsSchema> | undefined };
}

/** The queue of an agent's tasks; undefined when nothing limits them. */
export function queueOf({ key, description }: Limited): LimitedQueue | undefined {
  return description.limits === undefined ? undefined : { name: agentQueue(key), limits: description.limits };
}
