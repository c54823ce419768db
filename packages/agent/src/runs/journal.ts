/** The journal of one run: finds again what earlier runs have recorded, by place, kind and name, never by order. */
import { ContradictionError } from './contradiction.js';
import { Alike, inOtherWords, isAlike } from './alike.js';
import { isInStep, placeInStep } from './lineage.js';
import { Counts } from './counts.js';
import { describe, keyOf, type JournalEntry, type JournalKind, type Operation, type Place } from './journal-entry.js';

/** What the code wants to do, before it is known which of its name it is. */
export interface Wanted extends Place {
  readonly kind: JournalKind;
  readonly name: string;
  readonly fingerprint?: string;
  readonly label?: string;
}

/** An operation of this run, and what an earlier one has recorded of it. */
export interface Taken {
  readonly key: string;
  readonly operation: Operation;
  readonly found: JournalEntry | undefined;
  /** What is recorded in its place with another content: it speaks against the operation until something else asks for it. */
  readonly rival?: Rival | undefined;
}

interface Rival {
  readonly entry: JournalEntry;
  readonly contradiction: ContradictionError;
}

/** Kinds that had an effect: code that does something else in their place contradicts them. */
const effective: ReadonlySet<JournalKind> = new Set(['step', 'call', 'question', 'inbox']);

export class Journal {
  readonly #byKey: Map<string, JournalEntry>;
  readonly #met = new Set<string>();
  readonly #counts = new Counts();
  readonly #alike: Alike;
  /** By branch or step, the keys of what this run has found nothing of. */
  readonly #given = new Map<string, Set<string>>();
  /** Entries of operations that steps began, by the step's place. */
  readonly #inSteps = new Map<string, JournalEntry[]>();
  /** Every entry before this one is met, or nothing that could be. */
  #oldest = 0;
  /** By flow, the seq of the last entry that this run has met. */
  readonly #furthest = new Map<string, number>();
  #seq: number;

  constructor(
    /** Names the task, and the attempt that it last began from the start with. */
    private readonly scope: string,
    private readonly entries: readonly JournalEntry[],
    /** Whether the question that was recorded under this key has its answer. */
    private readonly isAnswered: (key: string) => boolean,
  ) {
    this.#byKey = new Map(entries.map((entry) => [entry.key, entry]));
    this.#seq = entries.reduce((last, entry) => Math.max(last, entry.seq), 0);
    this.#alike = new Alike(entries);
    for (const entry of entries.filter(isInStep)) this.#addInStep(entry);
  }

  /**
   * Counts the operation among those of its name, and finds what is recorded of the very same: by its number, else, where code
   * was changed, by its content alone.
   */
  take(wanted: Wanted): Taken {
    const { branch, lineage, kind, name, label, fingerprint = null } = wanted;
    const occurrence = this.count(wanted, `${kind} ${name}`);
    const operation = { branch, lineage, kind, name, label, occurrence, fingerprint };
    const key = keyOf(this.scope, operation);
    const entry = this.#byKey.get(key);
    if (fingerprint === null || (entry === undefined && this.#alike.isEmpty)) {
      return { key, operation, found: this.#meet(entry) };
    }
    const isFree = (one: JournalEntry): boolean => !this.#met.has(one.key);
    if (entry !== undefined && isFree(entry) && isAlike(entry, fingerprint)) {
      return { key, operation, found: this.#meet(entry) };
    }
    const other = this.#alike
      .of(operation)
      .find((one) => isFree(one) && (entry !== undefined || one.occurrence < occurrence));
    if (other !== undefined) {
      const own = { ...operation, occurrence: other.occurrence };
      return { key: other.key, operation: own, found: this.#meet(other) };
    }
    return { ...this.#new(operation, key), found: undefined, rival: entry && this.#rivalOf(operation, entry) };
  }

  /** Under a number that nothing of its name has had: such code was changed. */
  #new(operation: Operation, key: string): Pick<Taken, 'key' | 'operation'> {
    const given = this.#given.get(operation.branch) ?? new Set();
    this.#given.set(operation.branch, given);
    let own = { operation, key };
    while (this.#byKey.has(own.key) || given.has(own.key)) {
      const next = { ...operation, occurrence: own.operation.occurrence + 1 };
      own = { operation: next, key: keyOf(this.scope, next) };
    }
    given.add(own.key);
    return own;
  }

  /** Undefined for what something else has asked for, and for what the code has left out by now. */
  #rivalOf(operation: Operation, entry: JournalEntry): Rival | undefined {
    const isKept = entry.kind === 'question' || isInStep(entry);
    const isOver = isKept ? this.#met.has(entry.key) : this.#isPast(entry);
    if (isOver || entry.optional === true) return undefined;
    const [finished, found] = inOtherWords(entry, operation);
    return { entry, contradiction: new ContradictionError(finished, found) };
  }

  /** What speaks against doing what is new; undefined when nothing that is recorded is missing. */
  against({ operation, rival }: Taken): ContradictionError | undefined {
    if (rival !== undefined && this.#stands(rival.entry)) return rival.contradiction;
    const unmet = this.unmet();
    return unmet && new ContradictionError(describe(unmet), describe(operation));
  }

  #stands(rival: JournalEntry): boolean {
    return !this.#met.has(rival.key) && (rival.kind !== 'question' || this.isAnswered(rival.key));
  }

  /** How often this run has come by something of this name in this place, this time included. */
  count({ branch, lineage }: Place, name: string): number {
    return this.#counts.next(branch, `${lineage}\n${name}`);
  }

  /**
   * All steps that earlier runs have recorded in the branch, in order, for code that goes on by what they gave back instead of
   * coming by each of them again. What it begins from now on is numbered behind them.
   */
  takeUp(branch: string): readonly JournalEntry[] {
    const steps = this.entries.filter((entry) => entry.kind === 'step' && entry.branch === branch);
    for (const entry of steps) {
      while (this.count(entry, `step ${entry.name}`) < entry.occurrence);
      this.#meet(entry);
    }
    return steps;
  }

  /** What earlier runs have recorded of all that is over and did not fail, in order. */
  results(kind: JournalKind): readonly (string | null)[] {
    const over = this.entries.filter((entry) => entry.kind === kind && entry.ended && !entry.failed);
    return over.map(({ result }) => result);
  }

  /** A step begins its work, or begins it again: what it does counts anew. */
  beginsStep(key: string): void {
    const branch = placeInStep(key);
    this.#counts.forget(branch);
    this.#given.delete(branch);
    for (const entry of this.#inSteps.get(branch) ?? []) this.#met.delete(entry.key);
  }

  /** This run has recorded something that a step began: when that is tried again, it finds it as a later run would. */
  keepInStep(entry: JournalEntry): void {
    this.#byKey.set(entry.key, entry);
    this.#alike.add(entry);
    this.#addInStep(entry);
  }

  #addInStep(entry: JournalEntry): void {
    const others = this.#inSteps.get(entry.branch);
    if (others === undefined) this.#inSteps.set(entry.branch, [entry]);
    else others.push(entry);
  }

  /** The oldest entry that nothing in this run has asked for yet, and that its flow has not gone past. */
  unmet(): JournalEntry | undefined {
    for (; this.#oldest < this.entries.length; this.#oldest += 1) {
      const entry = this.entries[this.#oldest];
      if (entry !== undefined && this.#isUnmet(entry)) return entry;
    }
    return undefined;
  }

  /** The oldest answer whose question this run has not asked. */
  unmetAnswer(): JournalEntry | undefined {
    return this.entries.find((entry) => entry.kind === 'question' && this.#isUnmet(entry));
  }

  /** No run has recorded anything before. */
  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Whether the task has got further than this run, in any way. */
  get isBehind(): boolean {
    return this.entries.some(
      (entry) => entry.kind !== 'patch' && entry.optional !== true && !isInStep(entry) && !this.#isPast(entry),
    );
  }

  /** What is recorded of the same name in another flow: for code that was moved, once nothing else asks for it. */
  elsewhere(operation: Operation): JournalEntry | undefined {
    return this.#meet(this.#elsewhere(operation));
  }

  isElsewhere(operation: Operation): boolean {
    return this.#elsewhere(operation) !== undefined;
  }

  #elsewhere({ branch, kind, name, fingerprint }: Operation): JournalEntry | undefined {
    return this.entries.find(
      (entry) =>
        this.#isUnmet(entry) &&
        entry.branch === branch &&
        entry.kind === kind &&
        entry.name === name &&
        isAlike(entry, fingerprint),
    );
  }

  /** The number of the next entry. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  #meet(entry: JournalEntry | undefined): JournalEntry | undefined {
    if (entry === undefined || this.#met.has(entry.key)) return undefined;
    this.#met.add(entry.key);
    const flow = flowOf(entry);
    this.#furthest.set(flow, Math.max(this.#furthest.get(flow) ?? 0, entry.seq));
    return entry;
  }

  /**
   * A question that nobody has answered is asked again, or not: nothing rests on it. Code may leave out a step behind which
   * it finds others; an answer is a person's, and never left out.
   */
  #isUnmet(entry: JournalEntry): boolean {
    if (entry.optional === true) return false;
    if (entry.kind === 'question') return !this.#met.has(entry.key) && this.isAnswered(entry.key);
    if (!effective.has(entry.kind) || this.#isPast(entry) || isInStep(entry)) return false;
    return entry.kind !== 'inbox' || entry.ended;
  }

  /** Met, or behind what its flow has met. */
  #isPast(entry: JournalEntry): boolean {
    return this.#met.has(entry.key) || entry.seq <= (this.#furthest.get(flowOf(entry)) ?? 0);
  }
}

function flowOf({ branch, lineage }: Place): string {
  return `${branch}\n${lineage}`;
}
