/** `task.memory`: what an agent keeps of its user beyond the session, each operation once, however often the run begins anew. */
import type { Clock } from '../platform/clock.js';
import { parse } from '../platform/parse.js';
import { TerminalError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import { wholeNumber } from '../platform/ranges.js';
import { memoryKind, memoryText, MOST_MEMORIES, type Memory, type MemoryScope } from '../memories/memory.js';
import type { MemoryStore } from '../memories/memory-store.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { authorOf } from './author.js';
import type { StepContext, TaskMemory } from './task-context.js';

const DEFAULT_FOUND = 10;
const MOST_FOUND = 100;

const limits = wholeNumber(1, MOST_FOUND);

export interface RunMemoryParts {
  readonly memories: Pick<MemoryStore, 'search' | 'add' | 'forget'>;
  /** The call opted out of its session, or there is no store for sessions: nothing is kept. */
  readonly stateless: boolean;
  readonly clock: Clock;
  /** Keeps what comes of `work`. */
  readonly step: <Result>(name: string, work: (step: StepContext) => Promise<Result>) => Promise<Result>;
}

export function runMemory(task: ClaimedTask, { memories, stateless, clock, step }: RunMemoryParts): TaskMemory {
  const scope: MemoryScope = { tenant: task.tenant, owner: task.owner, agent: task.agent };
  const { sessionId: key, contextId, message } = task;
  // What others say in a session that is shared with them is nothing to be kept of its owner, or shown to them.
  const off = stateless || authorOf(message) !== undefined;
  return {
    search: async (query, { limit = DEFAULT_FOUND } = {}) => {
      parse(limits, limit, 'memory.search: limit');
      return off ? [] : step('search memory', () => memories.search(scope, query, limit));
    },
    add: async (given, options = {}) => {
      const text = parse(memoryText, given, 'memory.add: text');
      const kind = parse(memoryKind, options.kind ?? 'fact', 'memory.add: kind');
      if (off || key === null) return notKept(scope, { text, kind }, clock);
      const source = { key, sessionId: contextId, messageId: message.messageId };
      return step('add to memory', async ({ idempotencyKey }) => {
        // What one step adds has one key.
        const id = derivedId(`memory of ${idempotencyKey}: ${text}`);
        const added = await memories.add(scope, { id, text, kind, source });
        if (added !== undefined) return added;
        throw new TerminalError(`An agent keeps ${MOST_MEMORIES} memories of a user at most; forget some.`);
      });
    },
    forget: async (id) => (off ? false : step('forget', () => memories.forget(scope, id))),
  };
}

/** As if it had been kept. */
function notKept({ agent }: MemoryScope, about: Pick<Memory, 'text' | 'kind'>, clock: Clock): Memory {
  const at = clock.now().toISOString();
  return { id: derivedId(`not kept: ${about.text}`), agent, ...about, createdAt: at, updatedAt: at };
}
