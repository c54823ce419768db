/** `/v1/responses`: turns with agents as OpenAI's responses, in the background, resumed and cancelled. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { Caller, Scope } from '../../platform/caller.js';
import { readBody } from '../../platform/read-body.js';
import { whileWaiting, type SseFrame } from '../../platform/sse.js';
import { bare } from '../../tasks/read-tasks.js';
import { taskFor } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';
import { said } from '../said.js';
import { endTask, sendFrames, taskUrl } from '../serve-turn.js';
import { Turns } from '../turns.js';
import { ResponseEvents, type ResponseEvent, type ResponseUsage } from './response-events.js';
import { responseNotFound, turnOfResponse, type ResponseTurn } from './response-id.js';
import { parseResponse } from './response-request.js';
import { TakeTurn } from './take-turn.js';
import { usageOf } from './usage.js';
import { messageMetadata, OPENAI_EXTENSION, wishesIn, type Wishes } from './wishes.js';

const whole = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the sequence_number of an event')
  .transform(Number);
const flag = z.enum(['true', 'false'], { error: 'expected true or false' }).transform((value) => value === 'true');
const retrieveQuery = z.object({ stream: flag.optional(), starting_after: whole.optional() });

export function responseRoutes(parts: ProtocolParts): Router {
  const responses = new Responses(parts);
  return Router()
    .post('/', (request, response) => responses.create(request, response))
    .get('/:id', (request, response) => responses.retrieve(request, response, request.params.id))
    .post('/:id/cancel', (request, response) => responses.cancel(request, response, request.params.id));
}

/** A turn that a caller may read. */
interface Reading extends ResponseTurn {
  readonly wishes: Wishes;
  readonly caller: Caller;
  readonly agent: string;
  readonly taskUrl: string;
}

class Responses {
  readonly #turns: Turns;
  readonly #takeTurn: TakeTurn;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
    this.#takeTurn = new TakeTurn(parts);
  }

  async create(request: Request, response: Response): Promise<void> {
    const { config } = this.parts;
    const given = parseResponse(await readBody(request, response, config));
    const asked = { ...given, messageMetadata: messageMetadata(given.wishes) };
    const {
      caller,
      turn,
      taskUrl: url,
    } = await this.#takeTurn.take(request, response, asked, async () => {
      const { previous } = asked;
      if (previous === undefined) return undefined;
      return (await this.#readingOf(request, 'write', previous, 'previous_response_id')).contextId;
    });
    // What was said before had wishes of its own.
    const wishes = turn.created ? asked.wishes : await this.#wishesOf(turn);
    const reading = { ...turn, caller, wishes, agent: asked.agent, taskUrl: url };
    if (asked.stream) {
      this.#stream(response, reading, (signal) => this.#turns.follow(turn, signal), -1);
    } else if (wishes.background) {
      response.json(await this.#asItIs(reading));
    } else {
      // Whoever has waited as long as a call may has the response as it is, and can retrieve it.
      const read = await whileWaiting(response, config.blockingTimeoutMs, (signal) =>
        this.#read(reading, this.#turns.follow(turn, signal)),
      );
      response.json(read);
    }
  }

  async retrieve(request: Request, response: Response, id: string): Promise<void> {
    const { stream, starting_after: after } = parse(retrieveQuery, request.query);
    if (after !== undefined && stream !== true) throw invalidArgument('starting_after', 'none without stream=true');
    const reading = await this.#readingOf(request, 'read', id);
    if (stream !== true) {
      response.json(await this.#asItIs(reading));
      return;
    }
    const { limits, tasks } = this.parts;
    limits.countStream(reading.caller, response);
    this.#stream(response, reading, (signal) => tasks.follow(reading.taskId, reading.seq, signal), after ?? -1);
  }

  /** Ends the task, unless it has ended before. */
  async cancel(request: Request, response: Response, id: string): Promise<void> {
    const reading = await this.#readingOf(request, 'write', id);
    await endTask(this.parts, reading.caller, reading.taskId);
    response.json(await this.#asItIs(reading));
  }

  /** Throws TASK_NOT_FOUND, naming `field`, for what isn't there, and for what isn't the caller's. */
  async #readingOf(request: Request, scope: Scope, id: string, field = 'response_id') {
    const turn = turnOfResponse(id, field);
    const { config, tasks } = this.parts;
    const found = await taskFor(request, scope, { tasks, id: turn.taskId }).catch((error: unknown) => {
      throw error instanceof ContinuoError && error.code === 'TASK_NOT_FOUND' ? responseNotFound(id, field) : error;
    });
    const { caller, at } = found;
    if (turn.seq > at.lastSeq) throw responseNotFound(id, field);
    const wishes = await this.#wishesOf(turn);
    if (!wishes.store) throw responseNotFound(id, field);
    const { contextId } = at.task;
    return { ...turn, caller, wishes, contextId, agent: at.agent, taskUrl: taskUrl(request, config, turn.taskId) };
  }

  async #wishesOf({ taskId, seq }: ResponseTurn): Promise<Wishes> {
    return wishesIn(await this.parts.tasks.lookup.saidWith(taskId, seq, OPENAI_EXTENSION));
  }

  /** As far as the log has it now. */
  async #asItIs(reading: Reading) {
    const { tasks } = this.parts;
    const { lastSeq } = await tasks.get(reading.caller, reading.taskId, bare);
    return this.#read(reading, tasks.events(reading.taskId, reading.seq, lastSeq));
  }

  async #read(reading: Reading, events: AsyncIterable<LogEvent>) {
    const made = this.#events(reading);
    for await (const item of said({ tasks: this.parts.tasks, ...reading }, events)) made.of(item);
    return made.response(await this.#usage(reading));
  }

  #stream(
    response: Response,
    reading: Reading,
    follow: (signal: AbortSignal) => AsyncIterable<LogEvent>,
    after: number,
  ): void {
    sendFrames(response, this.parts.config, (signal) => this.#frames(reading, follow(signal), after));
  }

  /** All events behind the one with the number `after`: those before are made again, and left out. */
  async *#frames(reading: Reading, events: AsyncIterable<LogEvent>, after: number): AsyncGenerator<SseFrame, void> {
    const made = this.#events(reading);
    const frames = (next: Iterable<ResponseEvent>): readonly SseFrame[] =>
      Array.from(next, (data) => ({ event: data.type, data })).filter(({ data }) => data.sequence_number > after);
    yield* frames(made.begin());
    for await (const item of said({ tasks: this.parts.tasks, ...reading }, events)) {
      for (const frame of frames(made.of(item))) yield frame;
    }
    yield* frames(made.end(await this.#usage(reading)));
  }

  #events(reading: Reading): ResponseEvents {
    return new ResponseEvents(reading, { taskUrl: reading.taskUrl, mostBytes: this.parts.config.answerBytes });
  }

  async #usage({ caller, taskId }: Reading): Promise<ResponseUsage> {
    const { input, cached, output, reasoning, total } = usageOf(
      (await this.parts.tasks.get(caller, taskId, bare)).task,
    );
    return {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: total,
    };
  }
}
