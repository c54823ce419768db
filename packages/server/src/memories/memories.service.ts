/** The store of memories: for their owners over the API, and for the agents that they are for. */
import {
  MOST_MEMORIES,
  type Memory,
  type MemoryScope,
  type NewMemory,
} from '@continuo/agent/internal/memories/memory.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { isId, newId } from '@continuo/agent/internal/platform/ids.js';
import { recordAudit } from '../auth/audit-log.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';
import { allMemories, listMemories, type MemoryQuery } from './list-memories.js';
import { addMemory, changeMemory, deleteMemories, lockMemories, readMemories } from './memory-rows.js';
import { memoryNotFound, type MemoryChange, type MemoryPage } from './memory-form.js';
import { keepDrawn, type DrawnFrom, type Keepsakes } from './keep-drawn.js';
import { inOneOrder } from './rank.js';
import type { MemoryVectors } from './memory-vectors.js';
import { searchWords } from './search-words.js';
import {
  dueSources,
  noteTurn,
  readSaid,
  readSource,
  settleSource,
  type MemorySourceRow,
  type SaidInSession,
} from './sources.js';

/** What is looked at by words, and by vectors, to find the best. */
const RANKED = 100;
/** Sessions that one look begins tasks for. */
const DUE_AT_ONCE = 20;

type Turn = Parameters<typeof noteTurn>[1];

export class MemoriesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly vectors?: MemoryVectors,
  ) {}

  /**
   * The caller's memories, most recently changed first. `q` finds words, the last one may be a beginning. Throws
   * INVALID_ARGUMENT for a token that isn't of this list.
   */
  list(caller: Caller, query: MemoryQuery): Promise<MemoryPage> {
    return orUnavailable(() => listMemories(this.database.reading(), caller, query));
  }

  /** All of the caller's memories, or those of one agent, as one JSON text `{ memories: […] }`, piece by piece. */
  async *export(caller: Caller, agent: string | undefined): AsyncGenerator<string, void> {
    yield '{"memories":[';
    let first = true;
    for await (const page of allMemories(this.database.reading(), caller, agent)) {
      if (page.length === 0) continue;
      yield `${first ? '' : ','}\n${page.map((memory) => JSON.stringify(memory)).join(',\n')}`;
      first = false;
    }
    yield ']}\n';
  }

  /** One with the same words is there once: it counts as said anew. Throws QUOTA_EXCEEDED for more than there may be. */
  async create(scope: MemoryScope, memory: Omit<NewMemory, 'id'>, id = newId()): Promise<Memory> {
    const added = await this.add(scope, { ...memory, id });
    if (added !== undefined) return added;
    throw new ContinuoError('QUOTA_EXCEEDED', `An agent keeps ${MOST_MEMORIES} memories of you at most; delete some.`);
  }

  /** Whether the caller has any of this agent. */
  async hasAny({ agent, ...caller }: MemoryScope): Promise<boolean> {
    const page = { agent, size: 1, token: '' };
    return (await orUnavailable(() => listMemories(this.database, caller, page))).memories.length > 0;
  }

  /** Throws MEMORY_NOT_FOUND. */
  async update(caller: Caller, id: string, change: MemoryChange): Promise<Memory> {
    const both = async (client: Queryable): Promise<Memory | undefined> => {
      const changed = await changeMemory(client, caller, id, change, this.clock.now());
      if (changed !== undefined) await recordAudit(client, { ...whose(caller), action: 'memory.changed', subject: id });
      return changed;
    };
    const memory = isId(id) ? await orUnavailable(() => this.database.transaction(both)) : undefined;
    if (memory === undefined) throw memoryNotFound(id);
    return memory;
  }

  /** Throws MEMORY_NOT_FOUND. */
  async remove(caller: Caller, id: string): Promise<void> {
    if (!(await this.forget(caller, id))) throw memoryNotFound(id);
  }

  /** False when there is none of theirs; `agent`: of this one alone. */
  async forget(scope: Caller & { readonly agent?: string }, id: string): Promise<boolean> {
    if (!isId(id)) return false;
    const both = async (client: Queryable): Promise<boolean> => {
      const gone = await deleteMemories(client, scope, [id]);
      if (gone.length === 0) return false;
      const details = scope.agent === undefined ? {} : { agent: scope.agent };
      await recordAudit(client, { ...whose(scope), action: 'memory.deleted', subject: id, details });
      return true;
    };
    return orUnavailable(() => this.database.transaction(both));
  }

  /** Keeps a memory, once for its id. Undefined when the owner has as many of this agent as there may be. */
  add(scope: MemoryScope, memory: NewMemory): Promise<Memory | undefined> {
    const locked = async (client: Queryable): Promise<Memory | undefined> => {
      await lockMemories(client, scope);
      return addMemory(client, scope, memory, this.clock.now());
    };
    return orUnavailable(() => this.database.transaction(locked));
  }

  /** What answers best to `text` first; without any words, what was changed last. */
  async search(scope: MemoryScope, text: string, limit: number): Promise<readonly Memory[]> {
    return orUnavailable(async () => {
      if (!/[\p{L}\p{N}]/u.test(text)) {
        const { memories } = await listMemories(this.database, scope, { agent: scope.agent, size: limit, token: '' });
        return memories;
      }
      const [words, vectors] = await Promise.all([
        searchWords(this.database, scope, text, RANKED),
        this.vectors?.search(scope, text, RANKED),
      ]);
      const ids = inOneOrder(words, vectors ?? []).slice(0, limit);
      const memories = await readMemories(this.database, scope, ids);
      return ids.flatMap((id) => memories.get(id) ?? []);
    });
  }

  /** Those of them that there are, by their ids. */
  byIds(scope: MemoryScope, ids: readonly string[]): Promise<ReadonlyMap<string, Memory>> {
    return orUnavailable(() => readMemories(this.database, scope, ids));
  }

  /** An agent with memory was spoken to: what is new is gone through in `delayMs`, or when it was to be anyway. */
  noteTurn(turn: Turn, delayMs: number): Promise<void> {
    const now = this.clock.now();
    const dueAt = new Date(now.getTime() + delayMs);
    return orUnavailable(() => noteTurn(this.database, turn, dueAt, now));
  }

  /** Sessions to be gone through now, some of them. */
  dueSources(): Promise<readonly MemorySourceRow[]> {
    return dueSources(this.database, this.clock.now(), DUE_AT_ONCE);
  }

  /** The round has its task, or needs none; `again`: it is looked at then. */
  settleSource(source: MemorySourceRow, again?: Date): Promise<void> {
    return settleSource(this.database, source, again);
  }

  /** Undefined when the session, which is named by its key, is gone, or the agent was never spoken to in it. */
  source(session: string, agent: string): Promise<MemorySourceRow | undefined> {
    return orUnavailable(() => readSource(this.database, session, agent));
  }

  /** What the session's owner has said that wasn't gone through, oldest first, up to message `to`; not more than a task bears. */
  said(source: MemorySourceRow, to?: number): Promise<readonly SaidInSession[]> {
    return orUnavailable(() => readSaid(this.database, source, source.drawnSeq, { to }));
  }

  /** Whether there is any of that. */
  async hasNews(source: MemorySourceRow): Promise<boolean> {
    return (await orUnavailable(() => readSaid(this.database, source, source.drawnSeq, { most: 1 }))).length > 0;
  }

  /** All of what a task has drawn from a session, or nothing: false, when another task was faster, or the session is gone. */
  keepDrawn(scope: MemoryScope, from: DrawnFrom, keepsakes: Keepsakes): Promise<boolean> {
    const now = this.clock.now();
    return orUnavailable(() => this.database.transaction((client) => keepDrawn(client, scope, from, keepsakes, now)));
  }
}

function whose({ tenant, owner }: Caller): Caller {
  return { tenant, owner };
}
