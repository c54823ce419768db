/** What agents keep of their users, in memory: found by words. */
import type { Clock } from '../platform/clock.js';
import { derivedId } from '../platform/ids.js';
import type { Memory, MemoryScope, NewMemory } from '../memories/memory.js';
import type { MemoryStore } from '../memories/memory-store.js';

export class MemoryMemories implements MemoryStore {
  #kept: readonly Memory[];

  constructor(
    texts: readonly string[],
    agent: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    const at = clock.now().toISOString();
    this.#kept = texts.map((text) => {
      return { id: derivedId(`memory ${text}`), agent, kind: 'fact', text, createdAt: at, updatedAt: at };
    });
  }

  get texts(): readonly string[] {
    return this.#kept.map(({ text }) => text);
  }

  async search(_scope: MemoryScope, query: string, limit: number): Promise<readonly Memory[]> {
    const wanted = wordsOf(query);
    const newest = this.#kept.toReversed();
    if (wanted.length === 0) return newest.slice(0, limit);
    const score = ({ text }: Memory): number => wordsOf(text).filter((word) => wanted.includes(word)).length;
    return newest
      .filter((memory) => score(memory) > 0)
      .toSorted((a, b) => score(b) - score(a))
      .slice(0, limit);
  }

  async add({ agent }: MemoryScope, { id, kind, text, source }: NewMemory): Promise<Memory> {
    const same = this.#kept.find((memory) => memory.text === text);
    if (same !== undefined) return same;
    const at = this.clock.now().toISOString();
    const from = source === undefined ? {} : { source: { sessionId: source.sessionId, messageId: source.messageId } };
    const added: Memory = { id, agent, kind, text, ...from, createdAt: at, updatedAt: at };
    this.#kept = [...this.#kept, added];
    return added;
  }

  async forget(_scope: MemoryScope, id: string): Promise<boolean> {
    const before = this.#kept.length;
    this.#kept = this.#kept.filter((memory) => memory.id !== id);
    return this.#kept.length < before;
  }

  async noteTurn(): Promise<void> {}
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
