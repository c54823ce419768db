/** Tasks of agents that were disconnected: held, with the reason, until the agent is there again. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { heldStage } from '@continuo/agent/internal/tasks/fold.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { EventLog } from './event-log.js';

const MOST_AT_ONCE = 500;

interface OpenTask extends Record<string, unknown> {
  readonly id: string;
  readonly contextId: string;
  readonly agent: string;
  readonly fraction: number | null;
}

export class DisconnectedTasks {
  constructor(
    private readonly database: Database,
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Holds the tasks of these agents, `type/name`, that work; a run that has one under way loses it. Those that wait for a
   * person, or sleep, wait on: they are held when they go on.
   */
  async hold(agents: readonly string[]): Promise<void> {
    if (agents.length === 0) return;
    const found = await this.database.query<OpenTask>(
      `SELECT id, context_id AS "contextId", agent, progress AS fraction FROM (
         SELECT * FROM tasks WHERE state = 'WORKING' AND wakes_at IS NULL AND held IS NULL AND agent = ANY ($1)
         UNION ALL
         SELECT * FROM tasks WHERE state = 'WORKING' AND wakes_at <= now() AND held IS NULL AND agent = ANY ($1)) t
       ORDER BY status_at, id LIMIT ${MOST_AT_ONCE}`,
      [agents],
    );
    await Promise.all(found.map((task) => this.#hold(task)));
  }

  /** The ids of those of `agent` that were held, some of them where there are very many. */
  async ofAgent(agent: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM tasks WHERE state = 'WORKING' AND held IS NOT NULL AND agent = $1
       ORDER BY status_at, id LIMIT ${MOST_AT_ONCE}`,
      [agent],
    );
    return rows.map(({ id }) => id);
  }

  async #hold({ id, contextId, agent, fraction }: OpenTask): Promise<void> {
    const at = this.clock.now().toISOString();
    const held = {
      finished: `its agent ${agent} was connected`,
      found: `no agent: ${agent} was disconnected`,
      reason: `${agent} was disconnected. The task goes on when it is connected again.`,
      since: at,
    };
    const progress = { fraction: fraction ?? 0, stage: heldStage(held) };
    try {
      await this.eventLog.append({
        taskId: id,
        contextId,
        agent,
        guard: { states: ['WORKING'] },
        events: [{ kind: 'statusUpdate', key: `held:${newId()}`, state: 'WORKING', progress, held }],
        sessionMessages: [],
        release: true,
        at,
      });
      this.log.info({ taskId: id, agent }, 'a task is held, as its agent was disconnected');
    } catch (error) {
      // It has ended, or asks somebody.
      if (!(error instanceof ContinuoError)) throw error;
    }
  }
}
