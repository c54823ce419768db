/** One run of a task on its journal: what it does is carried out once, and found again by name in later runs. */
import type { Answer } from '../tasks/answers.js';
import { Admission } from './admission.js';
import type { Attempt } from './attempt.js';
import { ContradictionError } from './contradiction.js';
import { Delivery, type DeliveryTurn, type Kept } from './delivery.js';
import { Instants } from './instants.js';
import { describe, keyOf, type JournalEntry, type JournalKind, type Place } from './journal-entry.js';
import { toJournalRow, type JournalRow } from './journal-row.js';
import type { Taken } from './journal.js';
import type { Begun, How, JournalRunParts, OpenQuestion, Own } from './journal-run-parts.js';
import { isInStep, Lineages, type Follower, type OpenStep } from './lineage.js';
import { branchScope, checkName, nameRefusal, refuseInStep } from './names.js';
import { fromRecorded, toRecorded } from './recorded-value.js';
import { toRecordedRefusal, toRefusal, toStepError } from './refusal.js';
import { shown } from '../platform/shown.js';
import { Stillness } from './stillness.js';
import { takenUp, type TakenUp } from './taken-up.js';
import { checkOptions, partOfStep, StepTry, type StepOptions } from './step-try.js';
import { tracedStep, tracedWait } from './traced-operations.js';

export class JournalRun {
  readonly #lineages = new Lineages();
  readonly #delivery = new Delivery();
  readonly #patches = new Map<string, boolean>();
  #working = 0;
  /** Operations that have begun and not ended. */
  #underWay = 0;
  /** See `asks`. */
  #asks = false;
  readonly #stillness: Stillness;
  readonly #admission: Admission;
  readonly #instants: Instants;

  constructor(private readonly parts: JournalRunParts) {
    this.#stillness = new Stillness(parts);
    this.#admission = new Admission({
      journal: parts.journal,
      stillness: this.#stillness,
      isQuiet: () => this.#isQuiet(),
      hold: (contradiction) => this.#hold(contradiction),
    });
    this.#instants = new Instants(parts.clock);
  }

  /** Runs the body of the agent. */
  body<Result>(work: () => Result): Result {
    return this.#lineages.run(work);
  }

  /** Where the caller is. */
  place(): Place {
    return this.#lineages.place();
  }

  /** What earlier runs have recorded of the kind, in order. */
  recorded(kind: JournalKind): readonly unknown[] {
    return this.parts.journal.results(kind).map(fromRecorded);
  }

  /** See TakeUp. Call it where the steps begin. */
  takeUp(): TakenUp {
    this.#stillness.stir();
    return takenUp(this.parts.journal.takeUp(this.place().branch), (contradiction) => this.#hold(contradiction));
  }

  /**
   * Call it before a question is put: resolves when the steps beside it, and what follows them, are recorded. What takes them
   * longer than ten seconds, the next run does again.
   */
  async settled(): Promise<void> {
    const isStill = (): boolean => this.#asks || (this.#working === 0 && !this.#delivery.isUnderWay);
    if (this.#underWay > 1) await this.#stillness.nearlyReached(isStill);
  }

  /** A question was put that nobody has answered: what is not recorded by now, a later run does again. */
  asks(): void {
    this.#asks = true;
  }

  /** The caller says something. Call it before the first `await`, as for operations. */
  says(): void {
    this.#lineages.says();
  }

  /** The key of the step that the caller is inside of. */
  currentStep(): string | undefined {
    return this.#lineages.step()?.key;
  }

  /** The step that the caller is inside of. */
  openStep(): OpenStep | undefined {
    return this.#lineages.step();
  }

  /**
   * Runs `work` once and keeps its result. Inside another step it is part of that one. Throws StepFailedError when all
   * attempts have failed, TerminalError when the work threw one or its result can't be kept.
   */
  step<Result>(name: string, work: () => Promise<Result>, options: StepOptions = {}): Promise<Result> {
    if (this.currentStep() !== undefined) return partOfStep(this.parts.signal, work);
    checkName('step', name);
    checkOptions(name, options);
    const { input, shownAs } = options;
    return this.once({ kind: 'step', name, input, shownAs }, (operation) => this.#carryOut(operation, work, options));
  }

  /** Runs `work` in a scope of its own, in which names count anew. */
  branch<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const refusal = this.currentStep() === undefined ? nameRefusal('branch', name) : refuseInStep(`branch "${name}"`);
    if (refusal !== undefined) return Promise.reject(refusal);
    const place = this.place();
    const number = this.parts.journal.count(place, `branch ${name}`);
    const own = branchScope(name, number);
    const follower = this.#lineages.begin(`branch ${own}`);
    const path = [place.branch, place.lineage, own].filter((part) => part !== '').join('/');
    // What is not asynchronous is carried out just so.
    return this.#lineages.inBranch(path, async () => work()).finally(() => this.#follow(follower));
  }

  /** Whether code that was changed goes its new way: not where the task had got further when it was changed. */
  patched(id: string): boolean {
    checkName('patch', id);
    if (this.currentStep() !== undefined) throw refuseInStep(`patched("${id}")`);
    const decided = this.#patches.get(id);
    if (decided !== undefined) return decided;
    const taken = this.parts.journal.take({ branch: '', lineage: '', kind: 'patch', name: id });
    const isNew = taken.found === undefined && !this.parts.journal.isBehind;
    if (isNew && !this.#asks) this.parts.record(this.#row(taken, true, {}), false).catch(() => undefined);
    const goes = isNew || taken.found !== undefined;
    this.#patches.set(id, goes);
    return goes;
  }

  /** Waits `ms` in all, however many runs that takes; `until` waits for a time, in this run if it is `held`. */
  sleep(ms: number, until: (at: number, held: boolean) => Promise<void>): Promise<void> {
    const at = (): number => this.parts.clock.now().getTime() + ms;
    if (this.currentStep() !== undefined) return until(at(), true);
    return this.wait({ kind: 'sleep', name: 'sleep', input: { ms } }, at, (end) => until(end, false));
  }

  /**
   * Waits for something that may take long, and keeps what comes of it. What `begin` gives is kept before it waits, and is
   * what every run that waits goes by; `key` names the wait. Inside a step, `begin` and `work` are part of that. What `work`
   * throws is kept as well where it is `final`: every later run is refused as this one was.
   */
  async wait<First, Result>(
    wanted: Own,
    begin: () => First,
    work: (begun: First, key: string) => Promise<Result>,
    final: (error: unknown) => boolean = () => false,
  ): Promise<Result> {
    const operation = this.#begin(wanted);
    try {
      const found = await this.#admit(operation);
      if (found?.ended === true) {
        await operation.turn?.come();
        const value = fromRecorded(found.result);
        if (found.failed) throw toRefusal(value, this.parts.errorKinds);
        return value as Result;
      }
      const begun = found === undefined ? begin() : (fromRecorded(found.result) as First);
      if (found === undefined) await this.#begun(operation, begun);
      const taken = { ...operation.taken, key: found?.key ?? operation.taken.key };
      const at = { key: taken.key, from: found?.startedAt, clock: this.parts.clock };
      const done = tracedWait(operation.taken.operation, at, () => work(begun, taken.key));
      // What went in was kept when the wait began.
      const { value, turn } = await this.keep(
        { taken },
        await done.catch((error) => this.#refused(taken, error, final)),
      );
      await turn.come();
      return value;
    } finally {
      this.#end(operation);
    }
  }

  /** Keeps why there is nothing to wait for, if that is final; then throws it. Inside a step its next attempt may do better. */
  async #refused(taken: Taken, error: unknown, final: (error: unknown) => boolean): Promise<never> {
    if (!this.parts.signal.aborted && this.currentStep() === undefined && final(error)) {
      const refusal = toRecordedRefusal(error, this.parts.errorKinds);
      const { turn } = await this.keep({ taken }, refusal, { failed: true });
      await turn.come();
      throw toRefusal(refusal, this.parts.errorKinds, error);
    }
    throw error;
  }

  /**
   * The answer to a question; without one `ask` asks it, and the run ends. `label` names it to people, `fingerprint` says what
   * it asks for.
   */
  async question(
    { name, label, fingerprint, input }: Required<Pick<Own, 'name' | 'label' | 'fingerprint'>> & Pick<Own, 'input'>,
    ask: (question: OpenQuestion) => Promise<never>,
  ): Promise<Answer> {
    checkName('question', name);
    const operation = this.#begin({ kind: 'question', name, label, fingerprint });
    try {
      const found = await this.#admit(operation);
      const key = found?.key ?? operation.taken.key;
      const answer = this.parts.answerTo(key);
      if (answer !== undefined) {
        await operation.turn?.come();
        return answer;
      }
      await this.settled();
      const row = this.#row(operation.taken, label, { ended: false, input });
      this.#asks = true;
      return await ask({ key, known: found !== undefined, row });
    } finally {
      this.#end(operation);
    }
  }

  /** Does `work`, which gives back what is kept, or gives back what an earlier run has kept. */
  async once<Result>(wanted: Own, work: (operation: Begun) => Promise<Kept<Result>>): Promise<Result> {
    const operation = this.#begin(wanted);
    try {
      const found = await this.#admit(operation);
      if (found !== undefined) {
        await operation.turn?.come();
        const value = fromRecorded(found.result);
        if (found.failed) throw toStepError(wanted.name, value, this.parts.errorKinds);
        return value as Result;
      }
      const { value, turn } = await work(operation);
      await turn.come();
      return value;
    } finally {
      this.#end(operation);
    }
  }

  /** Keeps what an operation gives back, or how it failed. Throws TerminalError for a value that can't be kept. */
  async keep<Result>(
    { taken, about }: Pick<Begun, 'taken'> & Partial<Begun>,
    value: Result,
    how: How = {},
  ): Promise<Kept<Result>> {
    const row = this.#row(taken, value, { input: about?.input, shownAs: about?.shownAs, ...how });
    if (this.#asks) await new Promise(() => undefined);
    const turn = this.#delivery.expectNew(row.seq);
    try {
      await this.parts.record(row, this.#underWay === 1);
    } catch (error) {
      turn.cancel();
      throw error;
    }
    this.#recorded(taken, row);
    return { value, turn };
  }

  /**
   * Places an operation where the caller is. Call it before the first `await`: flows are known by the order of calls. Behind
   * it the flow goes on.
   */
  #begin(wanted: Own): Begun {
    const { branch, lineage } = this.place();
    const taken = this.parts.journal.take({ branch, lineage, ...wanted });
    this.#stillness.stir();
    const follower = this.#lineages.begin(`${wanted.kind} ${wanted.name}#${taken.operation.occurrence}`);
    const turn = this.#turnOf(taken.found);
    if (taken.rival === undefined) this.#tellWhetherFits();
    this.#underWay += 1;
    return { taken, about: wanted, follower, turn, isWorking: false };
  }

  #end({ turn, isWorking, follower }: Begun): void {
    this.#underWay -= 1;
    if (isWorking) this.#working -= 1;
    turn?.cancel();
    this.#follow(follower);
  }

  #turnOf(found: JournalEntry | undefined): DeliveryTurn | undefined {
    if (found === undefined) return undefined;
    const isThere = found.kind === 'question' ? this.parts.answerTo(found.key) !== undefined : found.ended;
    return isThere ? this.#delivery.expect(found.seq) : undefined;
  }

  #follow(follower: Follower): void {
    follower.delivered = true;
    this.#stillness.stir();
  }

  async #begun({ taken, about }: Begun, value: unknown): Promise<void> {
    const row = this.#row(taken, value, { input: about.input, shownAs: about.shownAs, ended: false });
    if (this.#asks) await new Promise(() => undefined);
    await this.parts.record(row, false);
    this.#recorded(taken, row);
  }

  #recorded({ key, operation }: Taken, row: JournalRow): void {
    this.#stillness.stir();
    if (isInStep(operation)) this.parts.journal.keepInStep({ ...operation, ...row, key, ended: row.ended_at !== null });
  }

  /**
   * What is recorded of the operation; undefined when it is new, and nothing that is recorded speaks against it, nor
   * against asking what was asked and not answered. Holds the task, and never resolves, when the code has gone another way
   * than the journal. At once, where there is nothing to wait for.
   */
  #admit(begun: Begun): Promise<JournalEntry | undefined> | JournalEntry | undefined {
    const { found, rival } = begun.taken;
    const asksAgain = found?.kind === 'question' && begun.turn === undefined;
    if (found !== undefined && !asksAgain) return found;
    const { journal, admitted } = this.parts;
    if (journal.isEmpty && rival === undefined && admitted === undefined) return undefined;
    return this.#admitNew(begun, asksAgain);
  }

  async #admitNew(begun: Begun, asksAgain: boolean): Promise<JournalEntry | undefined> {
    const { found, operation } = begun.taken;
    const moved = await this.#admission.moved(begun.taken, !asksAgain);
    if (found !== undefined) return found;
    if (moved !== undefined) {
      begun.turn = this.#turnOf(moved);
      this.#tellWhetherFits();
    } else if (this.parts.admitted !== undefined) await this.parts.admitted(operation);
    return moved;
  }

  /**
   * Resolves when all that is under way waits for something outside: with the oldest entry that none of it has asked for.
   * Never, when an operation is held meanwhile.
   */
  async standstill(): Promise<JournalEntry | undefined> {
    const { journal } = this.parts;
    await this.#stillness.reached(() => {
      if (this.#admission.isOpen) return false;
      return journal.unmet() === undefined ? !this.#delivery.isUnderWay : this.#isQuiet();
    });
    return journal.unmet();
  }

  /** Call it when the body has ended: never resolves when an answer is there whose question it has not asked. */
  async ended(): Promise<void> {
    const unmet = this.parts.journal.unmetAnswer();
    if (unmet !== undefined) await this.#hold(new ContradictionError(describe(unmet), 'the end'));
  }

  #row({ key, operation }: Taken, value: unknown, how: How): JournalRow {
    const { failed = false, attempts = 1, startedAt, ended = true, shownAs, tries } = how;
    const { recorded: result = toRecorded(() => describe(operation), value) } = how;
    const now = this.#instants.next();
    const seq = this.parts.journal.nextSeq();
    const times = { startedAt: startedAt ?? now, endedAt: ended ? now : null };
    const input = shown(how.input, this.parts.hide);
    const outcome = { seq, failed, result, attempts, ...times, input, shownAs, tries };
    const row = toJournalRow(this.parts.taskId, key, operation, outcome);
    const spent = ended ? (this.parts.spentIn?.(key) ?? []) : [];
    return spent.length === 0 ? row : { ...row, spent };
  }

  #carryOut<Result>(operation: Begun, work: () => Promise<Result>, options: StepOptions): Promise<Kept<Result>> {
    const { taken } = operation;
    const { taskId, signal, clock, entitled, hide, errorKinds } = this.parts;
    const startedAt = this.#instants.next();
    const inStep = (attempt: Attempt): Promise<Result> => {
      const step = {
        key: taken.key,
        attempt,
        get identity() {
          return keyOf(taskId, taken.operation);
        },
      };
      this.parts.journal.beginsStep(taken.key);
      return this.#lineages.inStep(step, work);
    };
    this.#working += 1;
    operation.isWorking = true;
    const tried = new StepTry({ name: taken.operation.name, options, signal, clock, entitled, hide, errorKinds });
    return tracedStep(taken.operation, signal, (noteAttempts) =>
      tried.until(inStep, (value, how) => {
        noteAttempts(how.attempts);
        return this.keep(operation, value, { startedAt, ...how });
      }),
    );
  }

  #hold(contradiction: ContradictionError): Promise<never> {
    this.parts.hold(contradiction);
    return new Promise(() => undefined);
  }

  #tellWhetherFits(): void {
    const { fits, journal } = this.parts;
    if (fits === undefined) return;
    if (journal.unmet() === undefined && journal.unmetAnswer() === undefined) fits();
  }

  #isQuiet(): boolean {
    return this.#working === 0 && !this.#delivery.isUnderWay && this.#stillness.isQuiet;
  }
}
