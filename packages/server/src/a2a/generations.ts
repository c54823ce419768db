/** Experimental: the generations of A2A 1.1 (branch dev-1.1, section 3.2.7), for calls that say `A2A-Version: 1.1`: the `seq` of the log. */
import type { Request } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import type { TaskAt } from '../tasks/read-tasks.js';
import { withGeneration } from '../tasks/generation.js';
import type { Frame } from './frame.js';

const VERSION = '1.1';
const calls = new WeakMap<Request, Generations>();
const ofParams = z.object({
  currentGeneration: wholeNumber().nullish(),
  configuration: z.object({ ifGenerationMatch: wholeNumber().nullish() }).nullish(),
});

/** From here on a call of 1.1 is one of 1.0, which `generationsOf` knows; all others stay as they are. */
export function readExperimentalVersion(request: Request): void {
  if (request.headers['a2a-version'] !== VERSION) return;
  request.headers['a2a-version'] = '1.0';
  calls.set(request, new Generations());
}

/** Undefined for a call of 1.0 or 0.3, which must see nothing of them. */
export function generationsOf(request: Request): Generations | undefined {
  return calls.get(request);
}

/** What one call asks about generations, and what it is told. */
export class Generations {
  /** GetTask waits for a later one. */
  after: number | undefined;
  /** SendMessage is for a task of this one alone. */
  ifMatch: number | undefined;
  readonly #known = new Map<string, number>();

  /** `params`: in camelCase. Throws INVALID_ARGUMENT. */
  readParams(params: unknown): void {
    const { currentGeneration, configuration } = parse(ofParams, params);
    this.after = currentGeneration ?? undefined;
    this.ifMatch = configuration?.ifGenerationMatch ?? undefined;
  }

  /** The task is part of the answer. */
  note({ task, lastSeq }: TaskAt): void {
    this.#known.set(task.id, lastSeq);
  }

  /** `answer`, a task or what holds some, with the generations of those that were noted. */
  stamped(answer: unknown): unknown {
    if (typeof answer !== 'object' || answer === null) return answer;
    if ('task' in answer) return { ...answer, task: this.stamped(answer.task) };
    if ('tasks' in answer && Array.isArray(answer.tasks)) {
      return { ...answer, tasks: answer.tasks.map((task) => this.stamped(task)) };
    }
    const generation = 'id' in answer && typeof answer.id === 'string' ? this.#known.get(answer.id) : undefined;
    return generation === undefined ? answer : { ...answer, generation };
  }

  /** A stream's events with theirs. */
  async *frames(frames: AsyncIterable<Frame>): AsyncIterable<Frame> {
    for await (const { id, data, pieces } of frames) {
      const stamped = 'message' in data ? data : withGeneration(data, id);
      yield { id, data: stamped, ...(pieces === undefined ? {} : { pieces: inPieces(pieces, id) }) };
    }
  }
}

/** The same for an event that comes as text: first its member's name, then the object. */
async function* inPieces(pieces: AsyncIterable<string>, generation: number): AsyncIterable<string> {
  let count = 0;
  for await (const piece of pieces) {
    count += 1;
    yield count === 2 ? `{"generation":${generation},${piece.slice(1)}` : piece;
  }
}
