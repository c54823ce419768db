/** What went over the wire, in order and bounded: the oldest goes first. */
import { startOf } from '../../../components/cut-text.js';
import { Watchers } from '../../../api/watchers.js';
import type { Target, Trial, WireRequest } from './wire-request.js';

/** So many requests, responses and events are kept, and characters of all of them. */
export const MOST_ENTRIES = 500;
export const MOST_CHARACTERS = 2_000_000;
/** Of one of them. */
export const MOST_OF_ONE = 200_000;

export interface WireEntry {
  readonly number: number;
  readonly kind: 'request' | 'response' | 'event' | 'error';
  /** `POST http://…`, `200 OK`, or the number of the event. */
  readonly title: string;
  /** Milliseconds since its request. */
  readonly at: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Its body, the event's data, or what went wrong. */
  readonly text: string;
  /** How long the text was. */
  readonly length: number;
  readonly failed: boolean;
  readonly request?: WireRequest | undefined;
  /** What a message was sent with. */
  readonly call?: { readonly trial: Trial; readonly target: Target } | undefined;
}

export interface Wire {
  readonly entries: readonly WireEntry[];
  /** How many were dropped for those that came later. */
  readonly dropped: number;
}

export class WireLog {
  readonly #watchers = new Watchers();
  #wire: Wire = { entries: [], dropped: 0 };
  #next = 1;

  readonly watch = this.#watchers.watch;
  readonly read = (): Wire => this.#wire;

  add(entry: Omit<WireEntry, 'number' | 'length'>): void {
    const text = startOf(entry.text, MOST_OF_ONE);
    const entries = [...this.#wire.entries, { ...entry, text, length: entry.text.length, number: this.#next }];
    this.#next += 1;
    let characters = entries.reduce((sum, one) => sum + one.text.length, 0);
    let gone = 0;
    while (entries.length - gone > MOST_ENTRIES || characters > MOST_CHARACTERS) {
      characters -= entries[gone]?.text.length ?? 0;
      gone += 1;
    }
    this.#set({ entries: entries.slice(gone), dropped: this.#wire.dropped + gone });
  }

  clear(): void {
    this.#set({ entries: [], dropped: 0 });
  }

  #set(wire: Wire): void {
    this.#wire = wire;
    this.#watchers.tell();
  }
}
