/** Begins a task for each session in which something was said that may be worth remembering, once it has been quiet a while. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import type { MemoriesService } from '../../memories/memories.service.js';
import type { MemorySourceRow } from '../../memories/sources.js';
import { MEMORY_KEEPER } from '../../tasks/server-agents.js';
import { BackgroundLoop } from '../../platform/background-loop.js';
import type { Log } from '../../platform/log.js';
import type { Intake } from '../intake.js';

const LOOK_MS = 1_000;
const AGAIN_MS = 60_000;

type Round = Pick<MemorySourceRow, 'session' | 'agent' | 'round'>;

/** The id of the task of a round. */
export function drawingTask({ session, agent, round }: Round): string {
  return derivedId(`memories of ${session} ${agent} ${round}`);
}

export class MemoryRounds {
  readonly #loop: BackgroundLoop;

  constructor(
    private readonly memories: MemoriesService,
    private readonly calls: Intake,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    const failed = (error: unknown): void =>
      log.warn({ err: messageOf(error) }, 'what may be worth remembering was not looked for, will try again');
    this.#loop = new BackgroundLoop(() => this.#begin(), LOOK_MS, failed, clock);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #begin(): Promise<void> {
    for (const source of await this.memories.dueSources()) {
      if (this.#loop.stopped) return;
      try {
        // Nothing is spent on a turn in which nobody said anything.
        if (await this.memories.hasNews(source)) await this.#send(source);
        await this.memories.settleSource(source);
      } catch (error) {
        const about = { err: messageOf(error), agent: source.agent };
        this.log.warn(about, 'what was said in a session is gone through later');
        await this.memories.settleSource(source, new Date(this.clock.now().getTime() + AGAIN_MS));
      }
    }
  }

  /** In the session, and without being said in it: the task goes with it when it is deleted, and doesn't open it anew. */
  async #send({ tenant, owner, contextId, session, agent, round }: MemorySourceRow): Promise<void> {
    const taskId = drawingTask({ session, agent, round });
    const data = { session, agent, round };
    const messageId = derivedId(`message of ${taskId}`);
    await this.calls.send(
      { tenant, owner },
      MEMORY_KEEPER,
      { messageId, contextId, role: 'ROLE_USER', parts: [{ data }] },
      { by: null, taskId, inConversation: true, namedMessage: true, sessionMustExist: true },
    );
  }
}
