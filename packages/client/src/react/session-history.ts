/** What was said in a session, from its end: the newest page first, earlier ones when somebody wants to see them. */
import type { ContinuoClient } from '../client.js';
import type { SessionMessage } from '../schema.generated.js';

/** In one page. */
const PAGE = 50;

export class SessionHistory {
  /** Oldest first, without gaps up to the newest. */
  messages: readonly SessionMessage[] = [];
  /** Of the page before the first message; empty: there is none. */
  #earlier = '';
  #reading: Promise<void> | undefined;

  constructor(
    private readonly client: ContinuoClient,
    private readonly id: string,
    private readonly owner: string | undefined,
  ) {}

  get hasEarlier(): boolean {
    return this.#earlier !== '';
  }

  /** The newest page; later, what has come since. Throws ContinuoApiError. */
  async readNewest(signal: AbortSignal): Promise<void> {
    const known = this.messages.at(-1)?.seq;
    const newer: SessionMessage[] = [];
    for (let pageToken = ''; ;) {
      const page = await this.#page(pageToken, signal);
      newer.unshift(...page.messages.filter(({ seq }) => known === undefined || seq > known).toReversed());
      pageToken = page.nextPageToken;
      if (known === undefined) this.#earlier = pageToken;
      const isJoined = known === undefined || page.messages.some(({ seq }) => seq <= known);
      if (isJoined || pageToken === '') break;
    }
    this.messages = [...this.messages, ...newer];
  }

  /** One page more at the beginning; those who ask at the same time get the same one. Throws ContinuoApiError. */
  readEarlier(): Promise<void> {
    this.#reading ??= this.#readEarlier().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readEarlier(): Promise<void> {
    if (!this.hasEarlier) return;
    const page = await this.#page(this.#earlier);
    this.#earlier = page.nextPageToken;
    this.messages = [...page.messages.toReversed(), ...this.messages];
  }

  #page(pageToken: string, signal?: AbortSignal) {
    const { client, id, owner } = this;
    return client.sessions.messages(id, { owner, pageToken, pageSize: PAGE, order: 'desc' }, { signal });
  }
}
