/** One LISTEN connection per instance: tells local readers that another instance has committed something for them. */
import pg from 'pg';
import type { Clock } from './clock.js';
import { messageOf } from './errors.js';
import type { Log } from './log.js';

const RECONNECT_MS = 500;

export class Notifications {
  readonly #stop = new AbortController();

  constructor(
    private readonly url: string,
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

  /** `run` ends soon after. */
  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when the connection is gone. */
  async #listen(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'continuo listen', keepAlive: true });
    const over = new AbortController();
    const gone = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.once('end', () => resolve());
      // Also when it is told to stop while it still connects.
      this.#stop.signal.addEventListener('abort', () => resolve(), { signal: over.signal });
    });
    client.on('notification', (message) => this.onPayload(message.payload ?? '', message.processId));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel}`);
      await gone;
    } finally {
      over.abort();
      await client.end().catch(() => undefined);
    }
  }
}
