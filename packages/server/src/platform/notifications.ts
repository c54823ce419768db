/** One LISTEN connection per instance: tells local readers that another instance has committed something for them. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { DatabaseServers } from './database-servers.js';
import type { Log } from './log.js';
import { PROOF_EVERY_MS, startWith, WatchedClient } from './watched-client.js';

const RECONNECT_MS = 500;

export class Notifications {
  readonly #stop = new AbortController();
  #hears = false;
  #connections = 0;

  constructor(
    private readonly servers: DatabaseServers,
    private readonly channel: string,
    /** Called with the payload and the server process id of the connection that sent it. */
    private readonly onPayload: (payload: string, pid: number) => void,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Connects, and reconnects for ever; what was missed in between is found by the readers' slow poll. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#listen();
      } catch (error) {
        this.log.debug({ err: messageOf(error) }, 'not listening');
      }
      await this.clock.sleep(RECONNECT_MS, this.#stop.signal).catch(() => undefined);
    }
  }

  /** Whether what is told from now on is heard here, as far as is known. */
  get hears(): boolean {
    return this.#hears;
  }

  /** How often it has begun to listen: what was told between two of them was not heard. */
  get connections(): number {
    return this.#connections;
  }

  /** `run` ends soon after. */
  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when the connection is gone. */
  async #listen(): Promise<void> {
    const client = new WatchedClient({
      servers: this.servers,
      application_name: 'continuo listen',
      options: startWith({}),
    });
    client.patienceMs = PROOF_EVERY_MS;
    const own = `continuo_proof_${newId().replaceAll('-', '')}`;
    let proofs = 0;
    const over = new AbortController();
    const gone = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.once('end', () => resolve());
      // Also when it is told to stop while it still connects.
      this.#stop.signal.addEventListener('abort', () => resolve(), { signal: over.signal });
    });
    client.on('notification', ({ channel, payload = '', processId }) => {
      if (channel === own) proofs += 1;
      else this.onPayload(payload, processId);
    });
    try {
      await client.connect();
      await client.rows(`LISTEN ${own}`);
      await client.rows(`LISTEN ${this.channel}`);
      this.#connections += 1;
      this.#hears = true;
      const proven = this.#prove(async () => {
        const before = proofs;
        await client.rows(`LISTEN ${this.channel}; NOTIFY ${own}`);
        return proofs > before;
      }, over.signal);
      await Promise.race([gone, proven]);
    } finally {
      this.#hears = false;
      over.abort();
      await client.end().catch(() => undefined);
    }
  }

  /** A connection that only listens can't notice its own death: throws when it does not hear what it says itself. */
  async #prove(hears: () => Promise<boolean>, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.clock.sleep(PROOF_EVERY_MS, over).catch(() => undefined);
      if (!over.aborted && !(await hears())) throw new Error('the connection does not hear');
    }
  }
}
