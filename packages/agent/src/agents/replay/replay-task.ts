/** Replays one task with an agent's code, without carrying anything out: what would become of it. */
import type { Clock } from '../../platform/clock.js';
import { messageOf, thrown } from '../../platform/errors.js';
import type { Log } from '../../platform/log.js';
import type { ContradictionError } from '../../runs/contradiction.js';
import { describe, type JournalEntry } from '../../runs/journal-entry.js';
import { Journal } from '../../runs/journal.js';
import { JournalRun } from '../../runs/journal-run.js';
import { Sayings } from '../../runs/sayings.js';
import type { TakenUp } from '../../runs/taken-up.js';
import type { SessionStore } from '../../sessions/session-store.js';
import type { OpenTask } from '../../tasks/open-task.js';
import { NOTHING_SAID } from '../../tasks/stored-sayings.js';
import type { A2AAgentBaseService } from '../a2a-agent-base.service.js';
import { endingOf } from '../answer.js';
import type { Children } from '../children.js';
import { errorKinds } from '../error-kinds.js';
import { RunActivity } from '../run-activity.js';
import { RunEvents } from '../run-events.js';
import { RunFence } from '../run-fence.js';
import { StateMarks } from '../state-marks.js';
import { inRun } from '../run-scope.js';
import { noLogging } from '../run-logging.js';
import { RunTaskContext, type RunServices } from '../run-task-context.js';
import type { FindFile } from '../run-files.js';
import { ReplayClock } from './replay-clock.js';
import { ReplayWriter } from './replay-writer.js';

/** How long nothing may happen before what the code has not asked for counts as gone from it. */
const QUIET_MS = 500;

/** What a replay of a task's journal came to. */
export type Replayed =
  | { readonly verdict: 'goes-on' | 'finishes' }
  | { readonly verdict: 'held'; readonly finished: string; readonly found: string; readonly reason: string }
  | { readonly verdict: 'fails' | 'unknown'; readonly reason: string };

export interface ReplayServices {
  readonly sessions: Pick<SessionStore, 'history'> | undefined;
  readonly findFile: FindFile;
  /** What children have answered is read by it. */
  readonly children: Omit<Children, 'ended'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds in which code that does nothing that can be seen must have done something. */
  readonly patienceMs: number;
}

/** `entries`: the task's journal. Whatever the code is inside of in the end, outside of steps, is left as it is. */
export async function replayTask(
  agent: A2AAgentBaseService,
  open: OpenTask,
  entries: readonly JournalEntry[],
  services: ReplayServices,
): Promise<Replayed> {
  const clock = new ReplayClock(services.clock);
  const over = new AbortController();
  void clock.start();
  try {
    return await new Replay(agent, open, entries, services, clock, over.signal).verdict();
  } finally {
    clock.stop();
    over.abort();
  }
}

class Replay {
  readonly #held: Promise<ContradictionError>;
  readonly #stopped: Promise<void>;
  readonly #journal: JournalRun;
  /** Never aborted: code that hears of the end might do something about it. */
  readonly #signal = new AbortController().signal;
  #hold: (contradiction: ContradictionError) => void = () => undefined;
  #stop: () => void = () => undefined;

  constructor(
    private readonly agent: A2AAgentBaseService,
    private readonly open: OpenTask,
    entries: readonly JournalEntry[],
    private readonly services: ReplayServices,
    private readonly clock: ReplayClock,
    private readonly over: AbortSignal,
  ) {
    this.#held = new Promise((resolve) => (this.#hold = resolve));
    this.#stopped = new Promise((resolve) => (this.#stop = resolve));
    const { claimed, asks } = open;
    const answers = new Map(claimed.answers.map((answer) => [answer.question, answer]));
    // What the task waits for is answered when its next run begins.
    const isAnswered = (key: string): boolean => answers.has(key) || key === asks;
    this.#journal = new JournalRun({
      taskId: claimed.id,
      journal: new Journal(`${claimed.id}:${claimed.origin}`, entries, isAnswered),
      signal: this.#signal,
      clock,
      quietMs: QUIET_MS,
      errorKinds,
      entitled: () => undefined,
      record: () => Promise.resolve(),
      answerTo: (key) => answers.get(key),
      admitted: () => this.#waits(),
      hold: (contradiction) => this.#hold(contradiction),
    });
  }

  verdict(): Promise<Replayed> {
    return Promise.race([
      this.#body(),
      this.#held.then(toHeld),
      this.#stopped.then(() => this.#standstill()),
      this.#tooLong(),
    ]);
  }

  async #body(): Promise<Replayed> {
    const { claimed } = this.open;
    const { services } = this;
    const events = new RunEvents(claimed, this.#journal, new Sayings(NOTHING_SAID), new ReplayWriter());
    const takeUp = (): TakenUp => this.#journal.takeUp();
    const whenOver = (then: () => void): void => this.over.addEventListener('abort', then, { once: true });
    const fence = new RunFence({ ...claimed, takeUp, whenOver }, this.#signal, () => this.over.aborted, services.log);
    const context = new RunTaskContext(claimed, this.#journal, events, {
      ...services,
      sessions: this.#sessions(),
      marks: new StateMarks(null, undefined),
      memories: { search: () => this.#waits(), add: () => this.#waits(), forget: () => this.#waits() },
      children: this.#children(),
      findFile: (owner, url) => this.clock.standing(() => services.findFile(owner, url)),
      inbox: {
        read: () => this.#waits(),
        news: () => ({ next: () => this.#waits(), leave: () => undefined }),
      },
      suspend: this.#stop,
      waits: {
        until: (at) => (at <= services.clock.now().getTime() ? Promise.resolve() : this.#waits()),
        during: (_, work) => work(),
      },
      runSignal: this.#signal,
      agentSignal: () => fence.signal,
      logging: noLogging,
    });
    const given = fence.around(context, {
      activity: new RunActivity(services.clock),
      admit: () => events.admit(),
      attempt: () => this.#journal.openStep()?.attempt,
    });
    try {
      const work = inRun(fence, () => this.#journal.body(async () => this.agent.execute(given)));
      const answer = await Promise.race([work, fence.broken]);
      await this.#journal.ended();
      await endingOf(answer, () => context.published);
      return { verdict: 'finishes' };
    } catch (error) {
      return { verdict: 'fails', reason: messageOf(thrown(error)) };
    }
  }

  /** What children have answered is read anew; what they are still to answer is waited for. */
  #children(): Children {
    const { clock } = this;
    const { children } = this.services;
    return {
      ended: () => this.#waits(),
      check: (...about) => clock.standing(() => children.check(...about)),
      results: (...about) => clock.standing(() => children.results(...about)),
    };
  }

  #sessions(): RunServices['sessions'] {
    const { clock } = this;
    const { sessions } = this.services;
    if (sessions === undefined) return undefined;
    return {
      history: (...about) => clock.standing(() => sessions.history(...about)),
      getState: () => this.#waits(),
      setState: () => this.#waits(),
      updateState: () => this.#waits(),
    };
  }

  /** Stays for ever: a replay carries nothing out, and nothing comes. */
  #waits(): Promise<never> {
    this.#stop();
    return new Promise(() => undefined);
  }

  async #standstill(): Promise<Replayed> {
    const missing = await this.#journal.standstill();
    if (missing === undefined) return { verdict: 'goes-on' };
    const reason = `Finished: ${describe(missing)}; the code waits and has not come by it: it is held if it then does anything new.`;
    return { verdict: 'unknown', reason };
  }

  async #tooLong(): Promise<Replayed> {
    const { patienceMs } = this.services;
    await this.clock.sleep(patienceMs);
    const reason = `Within ${patienceMs} ms its code neither came to anything that is durable nor to an end: it does something else outside of its steps.`;
    return { verdict: 'unknown', reason };
  }
}

function toHeld({ finished, found, message }: ContradictionError): Replayed {
  return { verdict: 'held', finished, found, reason: message };
}
