/** Keeps what configured remote agents say of themselves up to date, also when one is away while the server starts. */
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from '../../platform/log.js';
import { cardFields, type CardFields } from './card-fields.js';
import { ConfiguredAgent } from './configured-agents.js';
import { descriptionOf } from './remote-description.js';

const FIRST_RETRY_MS = 1_000;
const REFRESH_MS = 60_000;

/** What a card said, read not before `at`. */
export interface SeenCard extends CardFields {
  readonly at: Date;
}

export class RemoteCards {
  readonly #followed = new Map<string, AbortController>();
  readonly #seen = new Map<string, SeenCard>();
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
    this.#seen.delete(key);
    this.#problems.delete(key);
  }

  /** What the card of the agent said when it was read last; undefined before that. */
  seen(key: string): SeenCard | undefined {
    return this.#seen.get(key);
  }

  /** Reads it now. Throws Error when it can't be read. */
  async read(key: string, agent: ConfiguredAgent): Promise<SeenCard> {
    const followed = this.#followed.get(key);
    const at = this.clock.now();
    const card = await agent.remoteCard();
    const seen = { ...cardFields(card), at };
    // Another agent may have its name by now.
    if (followed !== undefined && this.#followed.get(key) === followed) {
      this.#seen.set(key, seen);
      this.registry.describe(key, descriptionOf(card));
      this.#problems.delete(key);
    }
    return seen;
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
        await this.read(key, agent);
        if (left.aborted) return;
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
