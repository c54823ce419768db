/** Replays all open tasks, many at once, as they are read. */
import type { AgentRegistry, RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { replayTask, type ReplayServices } from '@continuo/agent/internal/agents/replay/replay-task.js';
import type { JournalEntry } from '@continuo/agent/internal/runs/journal-entry.js';
import type { OpenTask } from '@continuo/agent/internal/tasks/open-task.js';
import type { Database } from '../platform/database.js';
import { readJournals } from '../runs/journal-rows.js';
import { listOpenTasks, readOpenTasks, type ListedTask } from '../tasks/read-open-tasks.js';
import { Room } from './room.js';
import { Tally, type CheckedTask, type TasksCheck } from './tasks-check.js';

/** So many tasks are replayed at once, of so many bytes in all; one that has more, alone. */
const MOST_AT_ONCE = 200;
const MOST_BYTES_AT_ONCE = 64 * 1024 * 1024;
/** What is read at once. */
const MOST_READ = 100;
const MOST_BYTES_READ = 8 * 1024 * 1024;
const PROOF_EVERY_MS = 5_000;

interface Parts {
  readonly database: Database;
  readonly registry: AgentRegistry;
  readonly services: ReplayServices;
  /** `type/name`; undefined: of all agents. */
  readonly only: readonly string[] | undefined;
  readonly limit: number;
}

/** Throws what the database throws, also when it goes away in the middle. */
export async function replayOpenTasks(parts: Parts): Promise<TasksCheck> {
  const over = new AbortController();
  try {
    return await Promise.race([replayAll(parts), broken(parts, over.signal)]);
  } finally {
    over.abort();
  }
}

async function replayAll({ database, registry, services, only, limit }: Parts): Promise<TasksCheck> {
  const tally = new Tally();
  const room = new Room(MOST_AT_ONCE, MOST_BYTES_AT_ONCE);
  const listed = new Listing(limit);
  for await (const batch of listed.batches(listOpenTasks(database, only))) {
    const bytesOf = new Map(batch.map(({ id, bytes }) => [id, bytes]));
    for (const { open, entries } of await readTasks(database, batch)) {
      await room.enter(bytesOf.get(open.claimed.id) ?? 0, async () => {
        tally.add(open.claimed.agent, await checked(registry, services, open, entries));
      });
    }
  }
  await room.empty();
  return tally.check(listed.more);
}

/** A replay that waits for a database that is gone would wait for ever. */
async function broken({ database, services }: Parts, signal: AbortSignal): Promise<never> {
  for (;;) {
    await services.clock.sleep(PROOF_EVERY_MS, signal);
    await database.ping();
  }
}

async function checked(
  registry: AgentRegistry,
  services: ReplayServices,
  open: OpenTask,
  entries: readonly JournalEntry[],
): Promise<CheckedTask> {
  const { claimed, state, ranWith } = open;
  const about = { taskId: claimed.id, state, ...(ranWith === null ? {} : { ranWith }) };
  const agent = registry.successor(claimed.agent, ranWith);
  if (agent === undefined) return { ...about, verdict: 'no-agent' };
  if (state === 'SUBMITTED' && entries.length === 0) return { ...about, version: agent.version, verdict: 'not-begun' };
  const replayed = async ({ version, agent: code }: RegisteredAgent): Promise<CheckedTask> => {
    return { ...about, version, ...(await replayTask(code, open, entries, services)) };
  };
  const found = await replayed(agent);
  if (found.verdict !== 'held' || agent.description.deploys === 'pinned') return found;
  // Each version that is there tries it.
  for (const other of registry.versions(agent.key).filter(({ version }) => version !== agent.version)) {
    const tried = await replayed(other);
    if (tried.verdict !== 'held') return tried;
  }
  return found;
}

interface ReadTask {
  readonly open: OpenTask;
  readonly entries: readonly JournalEntry[];
}

function readTasks(database: Database, listed: readonly ListedTask[]): Promise<readonly ReadTask[]> {
  const ids = listed.map(({ id }) => id);
  return database.snapshot(async (client) => {
    const tasks = await readOpenTasks(client, ids);
    const journals = await readJournals(
      client,
      tasks.map(({ claimed }) => claimed),
    );
    return tasks.map((open) => ({ open, entries: journals.get(open.claimed.id) ?? [] }));
  });
}

/** What is read together of a list, of which no more than `limit` is taken. */
class Listing {
  #more = false;

  constructor(private readonly limit: number) {}

  /** There is more than the limit; known when all is listed. */
  get more(): boolean {
    return this.#more;
  }

  async *batches(tasks: AsyncIterable<ListedTask>): AsyncGenerator<readonly ListedTask[], void> {
    let [batch, bytes, taken]: [ListedTask[], number, number] = [[], 0, 0];
    for await (const task of tasks) {
      if (taken === this.limit) {
        this.#more = true;
        break;
      }
      if (batch.length === MOST_READ || (batch.length > 0 && bytes + task.bytes > MOST_BYTES_READ)) {
        yield batch;
        [batch, bytes] = [[], 0];
      }
      batch.push(task);
      bytes += task.bytes;
      taken += 1;
    }
    if (batch.length > 0) yield batch;
  }
}
