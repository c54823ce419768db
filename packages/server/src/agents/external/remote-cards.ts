/** Keeps what configured remote agents say of themselves up to date, also when one is away while the server starts. */
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from '../../platform/log.js';
import { ConfiguredAgent } from './configured-agents.js';
import { descriptionOf } from './remote-description.js';

const FIRST_RETRY_MS = 1_000;
const REFRESH_MS = 60_000;

export class RemoteCards {
  readonly #stop = new AbortController();

  constructor(
    private readonly registry: AgentRegistry,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    for (const { key, agent } of this.registry.list())
      if (agent instanceof ConfiguredAgent) void this.#follow(key, agent);
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Said once when the card can't be read, and once when it can. */
  async #follow(key: string, agent: ConfiguredAgent): Promise<void> {
    let away = false;
    for (let delay = 0; !this.#stop.signal.aborted;) {
      try {
        this.registry.describe(key, descriptionOf(await agent.remoteCard()));
        if (away) this.log.info({ agent: key }, 'the card of a remote agent can be read now');
        away = false;
        delay = REFRESH_MS;
      } catch (error) {
        if (!away) this.log.warn({ agent: key, err: messageOf(error) }, 'the card of a remote agent could not be read');
        delay = away ? Math.min(delay * 2, REFRESH_MS) : FIRST_RETRY_MS;
        away = true;
      }
      await this.clock.sleep(delay, this.#stop.signal).catch(() => undefined);
    }
  }
}
