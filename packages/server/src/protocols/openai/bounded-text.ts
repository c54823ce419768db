/** Ends a text that comes piece by piece where its reader wants it to end: behind so many tokens, or before a certain word. */
import { withinTokens } from '@continuo/agent/internal/agents/models/tokens.js';

export interface Bounds {
  /** By the estimate that holds for any model. Default: as many as it has. */
  readonly mostTokens?: number | undefined;
  /** The text ends before the first of these. */
  readonly stop?: readonly string[];
}

export class BoundedText {
  #room: number;
  readonly #stop: readonly string[];
  /** May be the beginning of a word to stop at. */
  #held = '';
  #end: 'length' | 'stop' | undefined;

  constructor({ mostTokens = Infinity, stop = [] }: Bounds) {
    this.#room = mostTokens;
    this.#stop = stop;
  }

  /** Why nothing more is said; undefined as long as there is room. */
  get end(): 'length' | 'stop' | undefined {
    return this.#end;
  }

  /** As much of it as may be said by now. */
  of(text: string): string {
    if (this.#end !== undefined) return '';
    const all = this.#held + text;
    const stops = this.#stop.map((word) => all.indexOf(word)).filter((at) => at >= 0);
    const known = stops.length > 0 ? Math.min(...stops) : all.length - this.#beginning(all);
    this.#held = all.slice(known);
    if (stops.length > 0) this.#end = 'stop';
    return this.#within(all.slice(0, known));
  }

  /** What was held back, when nothing follows. */
  rest(): string {
    return this.#end === undefined ? this.#within(this.#held) : '';
  }

  /** How much at the end of `text` a word begins with. */
  #beginning(text: string): number {
    const longest = Math.max(0, ...this.#stop.map(({ length }) => length - 1));
    for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
      const end = text.slice(-length);
      if (this.#stop.some((word) => word.startsWith(end))) return length;
    }
    return 0;
  }

  #within(text: string): string {
    const said = withinTokens(text, this.#room);
    this.#room = said.left;
    if (said.text.length < text.length) this.#end = 'length';
    return said.text;
  }
}
