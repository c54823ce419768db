/** Sessions in memory. */
import type { Message } from '../sessions/message.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Checkpoint, SessionWindow } from '../sessions/session-window.js';
import { mayFit, MOST_STATE_BYTES, tooLarge } from '../sessions/state-size.js';

/** One session, whatever its key. */
export class MemorySessions implements SessionStore {
  readonly messages: Message[] = [];
  readonly state = new Map<string, string>();
  /** What was put in place by updates that may be asked for again. */
  readonly #updates = new Map<string, unknown>();
  #checkpoint: Checkpoint | undefined;

  constructor(messages: readonly Message[], state: Readonly<Record<string, unknown>>) {
    this.messages.push(...messages);
    for (const [name, value] of Object.entries(state)) this.state.set(name, JSON.stringify(value));
  }

  copy(): MemorySessions {
    const copy = new MemorySessions(this.messages, this.values());
    for (const [mark, value] of this.#updates) copy.#updates.set(mark, value);
    return copy;
  }

  values(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.state].map(([name, json]) => [name, JSON.parse(json) as unknown]));
  }

  async save(_key: string, message: Message): Promise<void> {
    if (!this.messages.some(({ messageId }) => messageId === message.messageId)) this.messages.push(message);
  }

  async history(_key: string, before: string, limit: number): Promise<readonly Message[]> {
    return limit === 0 ? [] : this.#before(before).slice(-limit);
  }

  async window(_key: string, before: string, limit: number): Promise<SessionWindow> {
    const checkpoint = this.#checkpoint;
    const numbered = this.#before(before).map((message, index) => ({ seq: index + 1, message }));
    const messages = numbered.filter(({ seq }) => seq > (checkpoint?.upToSeq ?? 0)).slice(-limit);
    return { ...(checkpoint === undefined ? {} : { checkpoint }), messages };
  }

  async saveCheckpoint(_key: string, checkpoint: Checkpoint): Promise<void> {
    if (this.#checkpoint?.upToSeq !== checkpoint.upToSeq) this.#checkpoint = checkpoint;
  }

  async getState(_key: string, name: string): Promise<unknown> {
    const json = this.state.get(name);
    return json === undefined ? undefined : (JSON.parse(json) as unknown);
  }

  async setState(_key: string, name: string, value: unknown): Promise<void> {
    this.#put(name, value);
  }

  async updateState(_key: string, name: string, mark: string, change: (value: unknown) => unknown): Promise<unknown> {
    if (!this.#updates.has(mark)) {
      const json = this.state.get(name);
      const next = change(json === undefined ? undefined : JSON.parse(json));
      this.#put(name, next);
      this.#updates.set(mark, next);
    }
    return this.#updates.get(mark);
  }

  async forgetUpdates(_key: string, marks: readonly string[]): Promise<void> {
    for (const mark of marks) this.#updates.delete(mark);
  }

  /** Throws TerminalError for what makes the state too large; one that is too large already may stay so. */
  #put(name: string, value: unknown): void {
    const after = { ...this.values(), [name]: value };
    const most = Math.max(MOST_STATE_BYTES, bytesOf(this.values()));
    const json = JSON.stringify(value);
    if (value === undefined) this.state.delete(name);
    else if (mayFit(json) && bytesOf(after) <= most) this.state.set(name, json);
    else throw tooLarge(name);
  }

  #before(messageId: string): readonly Message[] {
    const at = this.messages.findIndex((message) => message.messageId === messageId);
    return at < 0 ? this.messages : this.messages.slice(0, at);
  }
}

/** Of the state as PostgreSQL writes it, on one line. */
function bytesOf(values: Readonly<Record<string, unknown>>): number {
  const text = JSON.stringify(values, null, 1).replaceAll(/,\n */g, ', ').replaceAll(/\n */g, '');
  return Buffer.byteLength(text);
}
