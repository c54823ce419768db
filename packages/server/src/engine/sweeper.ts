/** Finds tasks that should run and don't: accepted just before a crash, left behind by a lost instance, or answered. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import type { Database } from '../platform/database.js';
import { messageOf } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { aliveInstances, declareLost, forgetLost } from './instances.js';
import type { Membership } from './membership.js';

/** One instance sweeps at a time; the others have nothing to add. */
const LOCK = 7_046_029_255;
const BEYOND_EVERY_STEP = 2_147_483_647;

interface SweeperOptions {
  readonly sweepMs: number;
  readonly leaseMs: number;
  readonly wanted: (alive: ReadonlySet<string>) => Promise<readonly string[]>;
}

export class Sweeper {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly options: SweeperOptions,
    private readonly membership: Membership,
    private readonly queue: string,
    private readonly begin: (id: string) => void,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.#running = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#sweep();
      } catch (error) {
        this.log.warn({ err: messageOf(error) }, 'sweep failed, will try again');
      }
      await this.clock.sleep(this.options.sweepMs, this.#stop.signal).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    await this.database.transaction(async (client) => {
      const [lock] = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [LOCK]);
      if (lock?.held !== true) return;
      if (this.membership.connectedFor(this.options.leaseMs)) {
        const lost = await declareLost(client, this.options.leaseMs);
        if (lost.length > 0) this.log.warn({ instances: lost }, 'instances are silent; taking their tasks over');
      }
      await forgetLost(client);
    });
    crashPoint('lost-declared');
    const alive = await aliveInstances(this.database);
    const wanted = await this.options.wanted(alive);
    if (wanted.length > 0) await this.revive(wanted, alive);
  }

  /** Sees to it that each task has a run under way, whatever became of the one before. */
  async revive(ids: readonly string[], alive?: ReadonlySet<string>): Promise<void> {
    const known = alive ?? (await aliveInstances(this.database));
    const workflows = await DBOS.listWorkflows({ workflowIDs: [...ids], loadInput: false, loadOutput: false });
    const byId = new Map(workflows.map((workflow) => [workflow.workflowID, workflow]));
    const orphaned: string[] = [];
    for (const id of ids) {
      const workflow = byId.get(id);
      if (workflow === undefined) this.begin(id);
      else if (isOver(workflow.status)) await this.#rewind(id);
      else if (workflow.status === 'PENDING' && !known.has(workflow.executorId ?? '')) orphaned.push(id);
    }
    if (orphaned.length === 0) return;
    this.log.info({ tasks: orphaned.length }, 'taking tasks over from their last finished step');
    await DBOS.resumeWorkflows(orphaned, { queueName: this.queue });
  }

  /** Keeps every finished step: the run replays them and goes on behind the last. */
  async #rewind(id: string): Promise<void> {
    try {
      await DBOS.rewindWorkflow(id, { startStep: BEYOND_EVERY_STEP, queueName: this.queue });
    } catch (error) {
      this.log.debug(
        { err: messageOf(error), taskId: id },
        'a run was not begun again; if nobody else did, it will be',
      );
    }
  }
}

function isOver(status: string): boolean {
  return status !== 'PENDING' && status !== 'ENQUEUED' && status !== 'DELAYED';
}
