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
  readonly #followed = new Map<string, AbortController>();
  readonly #problems = new Map<string, string>();

  constructor(
    private readonly registry: AgentRegistry,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    for (const { key, agent } of this.registry.list())
      if (agent instanceof ConfiguredAgent && !this.#followed.has(key)) this.follow(key, agent);
  }

  stop(): void {
    for (const key of this.#followed.keys()) this.leave(key);
  }

  /** From now on until `leave`. */
  follow(key: string, agent: ConfiguredAgent): void {
    const left = new AbortController();
    this.#followed.set(key, left);
    void this.#follow(key, agent, left.signal);
  }

  leave(key: string): void {
    this.#followed.get(key)?.abort();
    this.#followed.delete(key);
    this.#problems.delete(key);
  }

  /** Why the card of the agent can't be read at present; undefined when it can, or nobody has tried yet. */
  problemOf(key: string): string | undefined {
    return this.#problems.get(key);
  }

  /** Said once when the card can't be read, and once when it can. */
  async #follow(key: string, agent: ConfiguredAgent, left: AbortSignal): Promise<void> {
    let away = false;
    for (let delay = 0; !left.aborted;) {
      try {
        const description = descriptionOf(await agent.remoteCard());
        if (left.aborted) return;
        this.registry.describe(key, description);
        this.#problems.delete(key);
        if (away) this.log.info({ agent: key }, 'the card of a remote agent can be read now');
        away = false;
        delay = REFRESH_MS;
      } catch (error) {
        if (left.aborted) return;
        this.#problems.set(key, messageOf(error));
        if (!away) this.log.warn({ agent: key, err: messageOf(error) }, 'the card of a remote agent could not be read');
        delay = away ? Math.min(delay * 2, REFRESH_MS) : FIRST_RETRY_MS;
        away = true;
      }
      await this.clock.sleep(delay, left).catch(() => undefined);
    }
  }
}
