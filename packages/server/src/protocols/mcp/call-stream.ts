/** The stream that answers a call: progress, questions and the result, each made of the log, on any instance, from any place on. */
import { progressOf, stateOf, type LogEvent, type Progress } from '@continuo/agent/internal/tasks/task-event.js';
import { isSettled, isTerminal, isWaiting } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../../platform/caller.js';
import type { SseFrame } from '../../platform/sse.js';
import type { TaskAt } from '../../tasks/read-tasks.js';
import type { ProtocolParts } from '../protocol.js';
import { toolOf } from './agent-tools.js';
import { questionRequest } from './questions.js';
import { eventIdOf, type Place } from './place.js';
import { resultOf } from './results.js';

/** Progress has to grow with every word of it (progress, "Progress Flow"), also where an agent says another word at the same place. */
const A_LITTLE = 1e-6;

export interface CallStreamParts extends Pick<ProtocolParts, 'tasks' | 'registry'> {
  readonly caller: Caller;
  /** The client asks people itself. */
  readonly elicits: boolean;
  readonly baseUrl: string;
}

export class CallStream {
  #place: Place;

  constructor(
    private readonly parts: CallStreamParts,
    place: Place,
  ) {
    this.#place = place;
  }

  /** The place before the first message: a client that is cut off before it has heard anything comes back with it. */
  first(): SseFrame {
    return { id: eventIdOf(this.#place), data: '', pieces: nothing() };
  }

  /** Of a task that may be settled already: what is to be said of that, if there is anything; whether it was the last. */
  async *now(): AsyncGenerator<SseFrame, boolean> {
    const at = await this.#read(true);
    return isSettled(at.state) ? yield* this.#settled(at) : false;
  }

  /** What comes behind the place, until the result. */
  async *behind(events: AsyncIterable<LogEvent>): AsyncGenerator<SseFrame, void> {
    for await (const { seq, response } of events) {
      if (seq <= this.#place.seq) continue;
      this.#place = { ...this.#place, seq };
      const progress = progressOf(response);
      if (progress !== undefined) yield* this.#progress(progress);
      const state = stateOf(response);
      if (state === undefined || !isSettled(state)) continue;
      const at = await this.#read(isTerminal(state));
      // It may have been an earlier question, which has been answered, or an attempt, which was not the last.
      const isStill = isTerminal(state) ? isTerminal(at.state) : isWaiting(at.state);
      if (isStill && (yield* this.#settled(at))) return;
    }
  }

  *#progress({ fraction, stage }: Progress): Generator<SseFrame, void> {
    const { progressToken, progress: before } = this.#place;
    if (progressToken === null) return;
    const progress = Math.max(fraction, before + A_LITTLE);
    const params = { progressToken, progress, total: 1, message: stage };
    yield this.#frame({ jsonrpc: '2.0', method: 'notifications/progress', params }, { progress });
  }

  /** A question that the client asks people, or the result, for which it was read with its artifacts; true when it is that. */
  async *#settled(at: TaskAt): AsyncGenerator<SseFrame, boolean> {
    const { elicits, registry, baseUrl } = this.parts;
    const { requestId: id, ofTask } = this.#place;
    const place = { seq: Math.max(at.lastSeq, this.#place.seq) };
    if (at.state === 'INPUT_REQUIRED' && elicits) {
      yield this.#frame(questionRequest(at.task, at.lastSeq, ofTask), place);
      return false;
    }
    const givesData = registry.has(at.agent) && toolOf(registry.get(at.agent)).givesData;
    yield this.#frame({ jsonrpc: '2.0', id, result: resultOf(at, { baseUrl, givesData, ofTask }) }, place);
    return true;
  }

  #read(artifacts: boolean): Promise<TaskAt> {
    const { tasks, caller } = this.parts;
    return tasks.get(caller, this.#place.taskId, { historyLength: 0, artifacts });
  }

  #frame(data: unknown, moved: Partial<Place>): SseFrame {
    this.#place = { ...this.#place, ...moved };
    return { id: eventIdOf(this.#place), data };
  }
}

/** The data of an event that has none. */
async function* nothing(): AsyncGenerator<string, void> {}
