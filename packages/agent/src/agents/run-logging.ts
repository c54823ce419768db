/** What an agent logs: in the server's log, and kept with its task, each line once however often the task goes on. */
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/log.js';
import { messageOf } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import { cutToBytes } from '../platform/text.js';
import type { JournalRun } from '../runs/journal-run.js';
import type { Sayings } from '../runs/sayings.js';
import { asItIs, boundedJson, type Hide } from '../platform/shown.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import type { KeptLog } from '../tasks/stored-sayings.js';
import type { RunEvents } from './run-events.js';
import type { RunWriter } from '../tasks/run-writer.js';
import type { LogBatch, LogFields, LogLevel, LogLine, TaskLog } from '../tasks/agent-log.js';

/** Lines that are kept of one task, and their bytes. */
const MOST_LINES = 5_000;
const MOST_BYTES = 1024 ** 2;
/** Of one line. */
const MOST_MESSAGE_BYTES = 4 * 1024;
const MOST_FIELDS_BYTES = 4 * 1024;
/** Bytes of a line beside its message and its fields. */
const ENVELOPE = 150;

interface Parts {
  readonly task: Pick<ClaimedTask, 'id' | 'agent' | 'origin'>;
  readonly sayings: Pick<Sayings, 'say'>;
  readonly kept: KeptLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly hide?: Hide | undefined;
  /** The branch or the step in which the caller is. */
  readonly scope: () => string;
  /** The key of the step, if it is in one. */
  readonly step: () => string | undefined;
  /** Whether what is said now counts for nothing, as the run has ended or a later one does it again. */
  readonly isSilent: () => boolean;
  /** Takes a batch to be stored with what the run says next; `taken` is called when nothing can be added to it any more. */
  readonly record: (batch: LogBatch, taken: () => void) => Promise<void>;
}

/** What the agent is given, and the end of its run. */
export interface Logging extends TaskLog {
  /** The run ends: how many lines were dropped is kept. */
  readonly ends: () => void;
}

export const noLogging: Logging = { debug: nothing, info: nothing, warn: nothing, error: nothing, ends: nothing };

class RunLogging {
  #batch: MutableBatch | undefined;
  #lines: number;
  #bytes: number;
  /** Those of this run for which there was no room. */
  #dropped = 0;
  #isFull: boolean;

  constructor(private readonly parts: Parts) {
    const { lines, bytes, dropped } = parts.kept;
    this.#lines = lines;
    this.#bytes = bytes;
    this.#isFull = dropped > 0;
  }

  ends(): void {
    if (this.#dropped > 0) this.#open().dropped = this.#dropped;
  }

  /** Never throws: a line that can't be kept as it is, is kept as far as it can. */
  say(level: LogLevel, said: string, given: LogFields | undefined): void {
    const { task, sayings, clock, log, hide = asItIs, scope, step, isSilent } = this.parts;
    if (isSilent()) return;
    const message = cutToBytes(hide(storable(messageOf(said))), MOST_MESSAGE_BYTES);
    const fields = given === undefined ? undefined : boundedJson(given, MOST_FIELDS_BYTES, hide);
    const saying = sayings.say(scope(), 'log', [level, message, fields ?? null]);
    if (saying.stored) return;
    log[level]({ taskId: task.id, agent: task.agent, ...(fields === undefined ? {} : { fields }) }, message);
    const own = step();
    const line: LogLine = {
      at: clock.now().toISOString(),
      level,
      message,
      ...(fields === undefined ? {} : { fields }),
      ...(own === undefined ? {} : { step: own }),
    };
    this.#keep(line, `${task.origin}:${saying.hash}`);
  }

  #keep(line: LogLine, key: string): void {
    const bytes = ENVELOPE + Buffer.byteLength(line.message) + Buffer.byteLength(JSON.stringify(line.fields ?? null));
    this.#isFull ||= this.#lines >= MOST_LINES || this.#bytes + bytes > MOST_BYTES;
    if (this.#isFull) {
      this.#dropped += 1;
      // Seldom enough that a loop writes little.
      if ((this.#dropped & (this.#dropped - 1)) === 0) this.#open().dropped = this.#dropped;
      return;
    }
    const batch = this.#open();
    batch.lines.push(line);
    batch.keys.push(key);
    this.#lines += 1;
    this.#bytes += bytes;
  }

  #open(): MutableBatch {
    if (this.#batch !== undefined) return this.#batch;
    const batch: MutableBatch = { first_line: this.#lines + 1, lines: [], keys: [], dropped: 0 };
    this.#batch = batch;
    const taken = (): void => {
      if (this.#batch === batch) this.#batch = undefined;
    };
    // Why it can't be stored is why nothing of the run can: the run ends by that.
    this.parts.record(batch, taken).catch(() => undefined);
    return batch;
  }
}

/** What of a run its agent's log goes by. */
interface RunParts extends Pick<Parts, 'clock' | 'log' | 'hide'> {
  readonly journal: Pick<Parts, 'sayings' | 'kept'> & { readonly run: Pick<JournalRun, 'currentStep'> };
  readonly events: Pick<RunEvents, 'scope' | 'isOver'>;
  readonly writer: Pick<RunWriter, 'record'>;
}

export function loggingOf(task: ClaimedTask, { journal, events, writer, clock, log, hide }: RunParts): Logging {
  const own = new RunLogging({
    task,
    sayings: journal.sayings,
    kept: journal.kept,
    clock,
    log,
    hide,
    scope: () => events.scope(),
    step: () => journal.run.currentStep(),
    isSilent: () => events.isOver,
    record: (batch, taken) => writer.record({ task_id: task.id, log: batch }, false, taken),
  });
  return {
    debug: (message, fields) => own.say('debug', message, fields),
    info: (message, fields) => own.say('info', message, fields),
    warn: (message, fields) => own.say('warn', message, fields),
    error: (message, fields) => own.say('error', message, fields),
    ends: () => own.ends(),
  };
}

function nothing(): void {}

type MutableBatch = {
  -readonly [Key in keyof LogBatch]: LogBatch[Key] extends readonly (infer Item)[] ? Item[] : LogBatch[Key];
};
