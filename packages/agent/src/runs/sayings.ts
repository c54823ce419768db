/** Finds again what a task has said: what an earlier run has stored, this one leaves out. */
import { hash } from 'node:crypto';
import { storable } from '../platform/storable.js';
import type { StoredSayings } from '../tasks/stored-sayings.js';

export interface Saying {
  /** The same for the same thing said the same time. */
  readonly hash: string;
  /** How often this run has said it, this time included. */
  readonly time: number;
  /** An earlier run has stored it. */
  readonly stored: boolean;
}

/**
 * By where it was said, what kind of thing it is, and what it says: as often as earlier runs have stored the very same,
 * this one leaves it out. Order does not matter.
 */
export class Sayings {
  readonly #times = new Map<string, number>();

  constructor(private readonly before: StoredSayings) {}

  /** `scope`: the branch or the step in which it is said. */
  say(scope: string, kind: string, content: unknown): Saying {
    const own = hashOf([scope, kind, content]);
    const time = (this.#times.get(own) ?? 0) + 1;
    this.#times.set(own, time);
    return { hash: own, time, stored: time <= (this.before.said.get(own) ?? 0) };
  }

  /** How far the stream of this name had got; undefined for one that nobody has begun. */
  stream(name: string): { readonly chunks: number; readonly hash: string } | undefined {
    return this.before.streams.get(name);
  }
}

/** The same for the same content, as it can be stored. Throws TerminalError for what can't be. */
export function hashOf(content: unknown): string {
  return shortHash(plainJson(content) ?? JSON.stringify(storable(content)));
}

/** Undefined where what can be stored may be something else: JSON has such characters escaped. */
function plainJson(content: unknown): string | undefined {
  try {
    const text = JSON.stringify(content);
    return /\\u(?:0000|d[89a-f])/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** 16 characters of base64url: 96 bits. */
export function shortHash(text: string): string {
  return hash('sha1', text, 'base64url').slice(0, 16);
}
