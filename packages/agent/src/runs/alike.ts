/** Finds what is recorded by its content: calls by their input, questions by what they ask for. */
import { describe, type JournalEntry, type Operation } from './journal-entry.js';

/** Journals of older versions don't say what their questions ask for. */
export function isAlike({ fingerprint }: Pick<JournalEntry, 'fingerprint'>, wanted: string | null): boolean {
  return fingerprint === wanted || fingerprint === null;
}

/** For people: what is recorded, and what the code does in its place; they have the same name. */
export function inOtherWords(entry: JournalEntry, operation: Operation): readonly [finished: string, found: string] {
  const [finished, found] = [describe(entry), describe(operation)];
  if (entry.kind === 'call') return [`${finished} with another input`, found];
  return [`${finished} of ${entry.fingerprint}`, `${found} of ${operation.fingerprint}`];
}

export class Alike {
  readonly #byContent = new Map<string, JournalEntry[]>();

  constructor(entries: readonly JournalEntry[]) {
    for (const entry of entries) this.add(entry);
  }

  get isEmpty(): boolean {
    return this.#byContent.size === 0;
  }

  add(entry: JournalEntry): void {
    if (entry.fingerprint === null) return;
    const content = contentOf(entry);
    const others = this.#byContent.get(content);
    if (others === undefined) this.#byContent.set(content, [entry]);
    else if (!others.some(({ key }) => key === entry.key)) others.push(entry);
  }

  /** What is recorded of the same place, kind, name and content, in any order. */
  of(operation: Operation): readonly JournalEntry[] {
    return this.#byContent.get(contentOf(operation)) ?? [];
  }
}

function contentOf({ branch, lineage, kind, name, fingerprint }: Operation): string {
  return JSON.stringify([branch, lineage, kind, name, fingerprint]);
}
