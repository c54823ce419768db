/** `/ag-ui/:type/:name`: turns with an agent as AG-UI's runs, which are resumed on any instance, and cancelled. */
import { Router, type Request, type Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { USAGE_EXTENSION, type Usage } from '@continuo/agent/internal/tasks/usage.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../../calls/idempotency.js';
import type { Caller, Scope } from '../../platform/caller.js';
import { addressOf } from '../../platform/host-header.js';
import { readBody } from '../../platform/read-body.js';
import { lastEventId, type SseFrame } from '../../platform/sse.js';
import { bare } from '../../tasks/read-tasks.js';
import { callerOfPath, requireAgent } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';
import { said, type Settled } from '../said.js';
import { endTask, sendFrames, taskUrl } from '../serve-turn.js';
import { Turns } from '../turns.js';
import { idPrefix, RunEvents, type Run, type RunEvent } from './run-events.js';
import { parseRun, type SentMessage } from './run-input.js';
import { AG_UI_EXTENSION, TakeRun } from './take-run.js';

const RUN = '/:type/:name/threads/:threadId/runs/:runId';

export function runRoutes(parts: ProtocolParts): Router {
  const runs = new Runs(parts);
  return Router()
    .post('/:type/:name', (request, response) => runs.begin(request, response))
    .get(RUN, (request, response) => runs.resume(request, response))
    .delete(RUN, (request, response) => runs.cancel(request, response));
}

type Params = Readonly<Record<'type' | 'name' | 'threadId' | 'runId', string>>;

/** A run that a caller may read. */
interface Reading extends Run {
  readonly caller: Caller;
  /** The client has everything up to the event with this number; -1: nothing. */
  readonly after: number;
  /** What it is told before all that is new; taken out then, as a stream may last for days. */
  readonly before: RunEvent[];
}

class Runs {
  readonly #turns: Turns;
  readonly #takeRun: TakeRun;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
    this.#takeRun = new TakeRun(parts);
  }

  async begin(request: Request<Pick<Params, 'type' | 'name'>>, response: Response): Promise<void> {
    const { config, limits, registry } = this.parts;
    const { agent, caller } = callerOfPath(request, 'write');
    requireAgent(registry, agent, 'agent');
    const seen = lastEventId(request.get('Last-Event-ID')) ?? -1;
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const input = parseRun(await readBody(request, response, config));
    limits.countStream(caller, response);
    const turn = await this.#takeRun.take({
      caller,
      agent,
      input,
      requestUrl: () => addressOf(request),
      idempotencyKey: key,
    });
    // Of a new run nobody has seen anything: the id is that of another one.
    const after = turn.isNew ? -1 : seen;
    const { threadId, runId, messages } = input;
    const url = taskUrl(request, config, turn.taskId);
    const before = after < 0 ? withoutRun(turn, messages) : [];
    const reading = { threadId, runId, before, ...turn, caller, after, taskUrl: url };
    this.#stream(response, reading, (signal) => this.#turns.follow(turn, signal));
  }

  async resume(request: Request<Params>, response: Response): Promise<void> {
    const { config, limits, tasks } = this.parts;
    const after = lastEventId(request.get('Last-Event-ID')) ?? -1;
    const { caller, taskId, seq } = await this.#find(request, 'read');
    limits.countStream(caller, response);
    const { threadId, runId } = request.params;
    const url = taskUrl(request, config, taskId);
    const reading = { threadId, runId, taskId, seq, taskUrl: url, caller, after, before: [] };
    this.#stream(response, reading, (signal) => tasks.follow(taskId, seq, signal));
  }

  /** Ends the task, unless it has ended before. */
  async cancel(request: Request<Params>, response: Response): Promise<void> {
    const { caller, taskId } = await this.#find(request, 'write');
    await endTask(this.parts, caller, taskId);
    response.status(204).end();
  }

  /** A turn that was said over another protocol is the run of its message's id. Throws TASK_NOT_FOUND. */
  async #find(request: Request<Params>, scope: Scope) {
    const { agent, caller } = callerOfPath(request, scope);
    const { threadId: contextId, runId } = request.params;
    const run = { id: runId, extension: AG_UI_EXTENSION };
    const turn = await this.#turns.lastSaid(caller, { agent, contextId, run });
    // The same for what doesn't exist and for what isn't the caller's.
    if (turn === undefined)
      throw new ContinuoError('TASK_NOT_FOUND', `Run ${runId} was not found.`, { field: 'runId' });
    return { caller, ...turn };
  }

  #stream(response: Response, reading: Reading, follow: (signal: AbortSignal) => AsyncIterable<LogEvent>): void {
    sendFrames(response, this.parts.config, (signal) => this.#frames(reading, follow(signal)));
  }

  /**
   * The events of the run, numbered from 0, without those that the client has. Snapshots are as of now and no part of the
   * count: they come with the number of the event before them, and may come again.
   */
  async *#frames(reading: Reading, events: AsyncIterable<LogEvent>): AsyncGenerator<SseFrame, void> {
    const { after, before } = reading;
    const made = new RunEvents(reading);
    let number = -1;
    const frame = (event: RunEvent): readonly SseFrame[] => {
      number += 1;
      return number > after ? [{ id: number, data: event }] : [];
    };
    yield* frame(made.begin());
    for (let data = before.shift(); data !== undefined; data = before.shift()) yield { id: number, data };
    let settled: Settled | undefined;
    for await (const item of said({ tasks: this.parts.tasks, ...reading }, events)) {
      for (const event of made.of(item)) for (const sent of frame(event)) yield sent;
      if (item.kind === 'settled') settled = item;
    }
    if (settled === undefined) return;
    const snapshot = await this.#state(reading);
    if (snapshot !== undefined && number >= after) yield { id: number, data: { type: 'STATE_SNAPSHOT', snapshot } };
    yield* frame(made.end(settled, await this.#usage(reading)));
  }

  /** What agents keep in the session; undefined for nothing. */
  async #state({ caller, threadId }: Reading) {
    const { sessions } = this.parts;
    if (sessions === undefined || !(await sessions.exists(caller, threadId))) return undefined;
    const state = await sessions.state(caller, threadId);
    return Object.keys(state).length === 0 ? undefined : state;
  }

  async #usage({ caller, taskId }: Reading) {
    const { task } = await this.parts.tasks.get(caller, taskId, bare);
    const usage = task.metadata?.[USAGE_EXTENSION] as Usage | undefined;
    if (usage === undefined) return {};
    const { inputTokens, outputTokens, totalTokens, reasoningTokens, cachedInputTokens } = usage;
    return {
      inputTokens,
      outputTokens,
      totalTokens,
      reasoningTokens,
      cachedInputTokens,
      cacheWriteInputTokens: usage.cacheWriteTokens,
    };
  }
}

/** A client that has begun to read the run, and reads it again from the start, is to forget what it has of it. */
function withoutRun(turn: Pick<Run, 'taskId' | 'seq'>, sent: readonly SentMessage[]): RunEvent[] {
  const prefix = idPrefix(turn);
  const messages = sent.filter(({ id }) => !id.startsWith(prefix));
  return messages.length === sent.length ? [] : [{ type: 'MESSAGES_SNAPSHOT', messages }];
}
