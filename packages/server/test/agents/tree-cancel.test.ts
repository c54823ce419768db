/** Cancelling a tree leaves nothing running, however fast it grows; nor does a parent that fails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { begin, inState } from '../support/two-instances.js';
import { until } from '../support/until.js';

const TREES = 120;
const AT_ONCE = 10;
const active = "state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')";

@A2AAgent({ type: 'test', name: 'fan', description: 'Calls eight stems.' })
class Fan extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    const ms = [5, 10, 15, 20, 25, 30, 45, 65];
    await task.callAll(ms.map((wait) => ({ agent: 'test/stem', input: [{ data: { wait } }] })));
  }
}

@A2AAgent({ type: 'test', name: 'stem', description: 'Calls a leaf after a while.' })
class Stem extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await systemClock.sleep((task.data as { readonly wait: number }).wait);
    await task.call('test/leaf', 'go');
  }
}

@A2AAgent({ type: 'test', name: 'leaf', description: 'Ends after a while.' })
class Leaf extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    await systemClock.sleep(50);
    return 'Grown.';
  }
}

@A2AAgent({ type: 'test', name: 'endless', description: 'Calls itself.' })
class Endless extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await task.call('test/endless', 'go');
  }
}

@A2AAgent({ type: 'test', name: 'waits', description: 'Waits for a message.' })
class Waits extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    return (await task.inbox.wait())?.text ?? '';
  }
}

@A2AAgent({ type: 'test', name: 'passes-on', description: 'Calls one that waits.' })
class PassesOn extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await task.call('test/waits', 'go');
  }
}

@A2AAgent({ type: 'test', name: 'impatient', description: 'Has no time to work beside its child.', timeoutMs: 1_500 })
class Impatient extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    // Waiting for a child takes none of its time; working beside it does.
    const works = task.step(
      'work',
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
    );
    await Promise.all([task.call('test/passes-on', 'go'), works]);
  }
}

/** Whether `hasty` fails when it is told something. */
let hasty = true;

@A2AAgent({ type: 'test', name: 'hasty', description: 'Fails beside its child when it is told something.' })
class Hasty extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    const told = task.inbox.wait().then(() => {
      if (hasty) throw new Error('Enough.');
      return new Promise<never>(() => undefined);
    });
    await Promise.race([task.call('test/passes-on', 'go'), told]);
  }
}

let server: RunningServer;
let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 4, log: createLog('silent') });
  const env = {
    DATABASE_URL: url,
    PORT: '0',
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_DRAIN_MS: '0',
    CONTINUO_LIMIT_CALL_DEPTH: '0',
    CONTINUO_SWEEP_MS: '200',
  };
  server = await startServer({ agents: [Fan, Stem, Leaf, Endless, Waits, PassesOn, Impatient, Hasty], env });
});

afterAll(async () => {
  await server.stop();
  await database.close();
});

/** When the cancel of each root was answered. */
const canceled = new Map<string, Date>();

async function count(root: string, which: string): Promise<number> {
  const sql = `SELECT count(*) AS n FROM tasks WHERE (root_id = $1 OR id = $1) AND ${which}`;
  return (await database.query<{ n: number }>(sql, [root]))[0]?.n ?? 0;
}

/** Begins a tree, cancels it when it has so many tasks, and answers with its root. */
async function cancelAt(agent: string, size: number): Promise<string> {
  const root = await begin(server.url, agent);
  await until(async () => (await count(root, 'true')) >= size, { what: `${size} tasks` });
  const { status } = await call('POST', `${server.url}/tasks/${root}:cancel`);
  const answered = new Date();
  expect({ status, active: await count(root, active) }).toEqual({ status: 200, active: 0 });
  canceled.set(root, answered);
  return root;
}
/** Tasks of all trees that are active, or ended otherwise or began after their cancel had been answered. */
async function late(): Promise<number> {
  let found = 0;
  for (const [root, answered] of canceled) {
    const after = `> '${answered.toISOString()}'`;
    found += await count(root, `(${active} OR state <> 'CANCELED' AND status_at ${after} OR created_at ${after})`);
  }
  return found;
}

async function tell(agent: string, taskId: string): Promise<void> {
  const message = { taskId, parts: [{ text: 'go on' }] };
  expect((await call('POST', `${server.url}/agents/test/${agent}/tasks`, { body: { message } })).status).toBe(200);
}

async function childOf(id: string): Promise<string> {
  return until(
    async () => (await database.query<{ id: string }>('SELECT id FROM tasks WHERE parent_id = $1', [id]))[0]?.id,
    { what: `a child of ${id}` },
  );
}

describe('after a cancel has been answered nothing of the tree is active, nor ends, nor begins', () => {
  it('while its children call others', { timeout: 240_000 }, async () => {
    for (let begun = 0; begun < TREES; begun += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => cancelAt('fan', 2 + ((begun + n) % 14))));
    }
    expect(await late()).toBe(0);
  });

  it('while its tasks call each other without end', { timeout: 120_000 }, async () => {
    await cancelAt('endless', 30);
    await cancelAt('endless', 3);
    expect(await late()).toBe(0);
  });
});

describe('what a task has called ends', () => {
  it('with a parent that takes too long, however deep', { timeout: 60_000 }, async () => {
    const id = await begin(server.url, 'impatient');
    const child = await childOf(id);
    const grandchild = await childOf(child);
    await inState(server.url, id, 'FAILED');
    expect(await inState(server.url, child, 'CANCELED')).toBeDefined();
    expect(await inState(server.url, grandchild, 'CANCELED')).toBeDefined();
  });

  it('and goes on with it when that is retried', { timeout: 60_000 }, async () => {
    const id = await begin(server.url, 'hasty');
    const grandchild = await childOf(await childOf(id));
    await tell('hasty', id);
    await inState(server.url, id, 'FAILED');
    await inState(server.url, grandchild, 'CANCELED');
    hasty = false;
    expect((await call('POST', `${server.url}/tasks/${id}:retry`)).status).toBe(200);
    await inState(server.url, grandchild, 'WORKING');
    await tell('waits', grandchild);
    await inState(server.url, id, 'COMPLETED');
  });

  it('with a parent that was cancelled by a process that died right after', { timeout: 60_000 }, async () => {
    const id = await begin(server.url, 'passes-on');
    const child = await childOf(id);
    await database.query("UPDATE tasks SET state = 'CANCELED', run_token = NULL, status_at = now() WHERE id = $1", [
      id,
    ]);
    expect(await inState(server.url, child, 'CANCELED')).toBeDefined();
  });

  it('with the session in which it was called', { timeout: 60_000 }, async () => {
    const id = await begin(server.url, 'endless');
    await childOf(await childOf(id));
    const contextId = textAt((await call('GET', `${server.url}/tasks/${id}`)).body, 'contextId');
    expect((await call('DELETE', `${server.url}/sessions/${contextId}`)).status).toBe(204);
    expect(await count(id, 'true')).toBe(0);
  });
});
