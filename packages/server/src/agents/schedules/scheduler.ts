/** Starts a task at each tick of each agent's schedules, once, however many instances do so: its message has the same id. */
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { toParts } from '@continuo/agent/internal/agents/content.js';
import { dueTick, nextTick, type Schedule } from '@continuo/agent/internal/agents/schedules/schedule.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { TASKS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { keepSchedule, lastTick, tickIsOver } from '../../runs/schedule-rows.js';
import { localCaller } from '../../platform/caller.js';
import type { Database } from '../../platform/database.js';
import type { Log } from '../../platform/log.js';
import type { Intake } from '../intake.js';

const RETRY_MS = 1_000;
/** Longest sleep: the clock of the machine may be set meanwhile. */
const LOOK_MS = 60_000;

export class Scheduler {
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly registry: AgentRegistry,
    private readonly calls: Intake,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    const loops = this.registry
      .list()
      .flatMap(({ key, description }) => description.schedules.map((schedule) => this.#follow(key, schedule)));
    this.#running = Promise.all(loops);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #follow(agent: string, schedule: Schedule): Promise<void> {
    let last: Date | undefined;
    while (!this.#stop.signal.aborted) {
      let sleep: number;
      try {
        last ??= await this.#begin(agent, schedule);
        const due = dueTick(schedule, last, this.clock.now());
        if (due !== undefined) {
          await this.#tick(agent, schedule, due);
          last = due;
        }
        const next = nextTick(schedule, last);
        sleep = next === undefined ? LOOK_MS : Math.min(LOOK_MS, next.getTime() - this.clock.now().getTime());
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.log.warn({ err: messageOf(error), agent, schedule: schedule.name }, 'a tick started no task yet');
        sleep = RETRY_MS;
      }
      await this.clock.sleep(Math.max(1, sleep), this.#stop.signal).catch(() => undefined);
    }
  }

  #begin(agent: string, { name, cron, timezone }: Schedule): Promise<Date> {
    return keepSchedule(this.database, { agent, name, pattern: `${cron} ${timezone}` }, this.clock.now());
  }

  async #tick(agent: string, { name, message }: Schedule, due: Date): Promise<void> {
    const before = await lastTick(this.database, agent, name);
    if (before !== undefined && before >= due) return;
    const scheduledFor = due.toISOString();
    const tick = `schedule:${agent}:${name}:${scheduledFor}`;
    await this.calls.send(
      localCaller(),
      agent,
      {
        messageId: derivedId(tick),
        contextId: derivedId(`context of ${tick}`),
        role: 'ROLE_USER',
        parts: toParts(message),
      },
      { by: null, namedMessage: true, metadata: { [TASKS_EXTENSION]: { schedule: name, scheduledFor } } },
    );
    await tickIsOver(this.database, agent, name, due);
  }
}
