/** `/mcp`, MCP's Streamable HTTP: messages are posted, and a stream that was cut off goes on behind its last event. */
import type { Request, Response } from 'express';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { Caller } from '../../platform/caller.js';
import { addressOf } from '../../platform/host-header.js';
import { JSON_TYPES, jsonReader, type ReadJson } from '../../platform/json-body.js';
import { beginStream, closedSignal, type SseFrame } from '../../platform/sse.js';
import { toContinuoError } from '../../platform/to-continuo-error.js';
import { bare } from '../../tasks/read-tasks.js';
import { anyCaller, taskFor } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';
import { Turns } from '../turns.js';
import { AnsweredQuestions } from './answered-questions.js';
import type { McpCall } from './call.js';
import { CallStream } from './call-stream.js';
import { beginCall, taskIdOf } from './calls.js';
import { clientOf, newestVersion, type McpClient } from './client.js';
import { errorResponse, methodNotFound } from './errors.js';
import { readMessage, requestIdSchema, type RpcNotification } from './messages.js';
import { methods } from './methods.js';
import { placeOf, type Place } from './place.js';
import { namedTask, toMcpTask } from './tasks.js';

const EVENT_STREAM = 'text/event-stream';

/** What a stream goes through, and whose it is. */
interface Opening {
  readonly request: Request;
  readonly response: Response;
  readonly client: McpClient;
  readonly caller: Caller;
  readonly place: Place;
}

export class McpEndpoint {
  readonly #turns: Turns;
  readonly #answers: AnsweredQuestions;
  readonly #readJson: ReadJson;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
    this.#answers = new AnsweredQuestions(parts);
    this.#readJson = jsonReader(parts.config);
  }

  /** A request is answered, a notification and a response are taken in. */
  async post(request: Request, response: Response): Promise<void> {
    const client = clientOf(request);
    if (!request.is([...JSON_TYPES])) {
      throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The body must be JSON, sent as application/json.');
    }
    await this.#readJson(request, response);
    const message = readMessage(request.body);
    if (message.kind === 'request') {
      const { id, method, params } = message.request;
      const call = { request, response, client, id, params, parts: this.parts, turns: this.#turns };
      await this.#answer(call, method).catch((thrown: unknown) => {
        if (response.headersSent) throw thrown;
        const error = toContinuoError(thrown);
        if (error.code === 'PERMISSION_DENIED' || error.code === 'INTERNAL') throw error;
        if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
        response.json(errorResponse(id, error, request));
      });
      return;
    }
    if (message.kind === 'notification') await this.#heed(request, client, message.notification);
    else await this.#answers.take(request, message.response);
    response.status(202).end();
  }

  /** Goes on with the stream that the header names; the server says nothing by itself outside of one. */
  async resume(request: Request, response: Response): Promise<void> {
    const client = clientOf(request);
    const lastEventId = request.get('Last-Event-ID');
    if (lastEventId === undefined) return McpEndpoint.refuse(request, response);
    const place = placeOf(lastEventId);
    const { caller, at } = await taskFor(request, 'read', { tasks: this.parts.tasks, id: place.taskId });
    if (place.seq > at.lastSeq) throw invalidArgument('Last-Event-ID', 'the id of an event of this server');
    const isOver = isTerminal(at.state) && at.lastSeq === place.seq;
    this.#stream({ request, response, client, caller, place }, isOver ? undefined : this.#following(place));
  }

  /** Sessions need no end: the server keeps nothing of them. */
  static refuse(_request: Request, response: Response): void {
    response.status(405).setHeader('Allow', 'POST, GET').end();
  }

  async #answer(call: McpCall, method: string): Promise<void> {
    if (method === 'tools/call') return this.#callTool(call);
    if (method === 'tasks/result') return this.#taskResult(call);
    const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (answer === undefined) throw methodNotFound(method);
    call.response.json({ jsonrpc: '2.0', id: call.id, result: await answer(call) });
  }

  async #callTool(call: McpCall): Promise<void> {
    const { request, response, client, id } = call;
    acceptsStream(request);
    const begun = await beginCall(call);
    if ('content' in begun) {
      response.json({ jsonrpc: '2.0', id, result: begun });
      return;
    }
    const { caller, taken, progressToken, asTask } = begun;
    const { taskId, seq } = taken;
    if (asTask) {
      const at = await this.parts.tasks.get(caller, taskId, bare);
      response.json({ jsonrpc: '2.0', id, result: { task: toMcpTask(at) } });
      return;
    }
    const place = { taskId, requestId: id, progressToken, ofTask: false, seq, progress: -1 };
    this.#stream({ request, response, client, caller, place }, (signal) => this.#turns.follow(taken, signal));
  }

  async #taskResult(call: McpCall): Promise<void> {
    const { request, response, client, id } = call;
    acceptsStream(request);
    const { caller, at } = await namedTask(call, 'read');
    const about = { taskId: at.task.id, requestId: id, progressToken: null, ofTask: true };
    // The question that it asks now is asked again, whoever has seen it before.
    const place = { ...about, seq: Math.max(at.lastSeq - 1, 0), progress: -1 };
    this.#stream({ request, response, client, caller, place }, this.#following(place), true);
  }

  #following({ taskId, seq }: Place): (signal: AbortSignal) => AsyncIterable<LogEvent> {
    return (signal) => this.parts.tasks.follow(taskId, seq, signal);
  }

  /** Without `events` the task has ended, and only its result is still to be told. */
  #stream(
    { request, response, client, caller, place }: Opening,
    events: ((signal: AbortSignal) => AsyncIterable<LogEvent>) | undefined,
    looksFirst = false,
  ): void {
    const { config, limits } = this.parts;
    limits.countStream(caller, response);
    const signal = closedSignal(response);
    const baseUrl = config.publicUrl ?? addressOf(request);
    const stream = new CallStream({ ...this.parts, caller, elicits: client.elicits, baseUrl }, place);
    async function* frames(): AsyncGenerator<SseFrame, void> {
      // Older clients take an event without data for a broken one.
      if (client.version === newestVersion) yield stream.first();
      if ((looksFirst || events === undefined) && (yield* stream.now())) return;
      if (events !== undefined) yield* stream.behind(events(signal));
    }
    beginStream(response, frames(), { heartbeatMs: config.sseHeartbeatMs, signal });
  }

  /** What a client gives up is ended; all else is for servers that keep something. */
  async #heed(request: Request, { sessionId }: McpClient, { method, params }: RpcNotification): Promise<void> {
    const { data: id } = requestIdSchema.safeParse(params?.['requestId']);
    if (method !== 'notifications/cancelled' || id === undefined) return;
    const taskId = taskIdOf(anyCaller(request, 'write'), sessionId, id);
    if (taskId === undefined) return;
    const { calls, tasks } = this.parts;
    try {
      const { caller } = await taskFor(request, 'write', { tasks, id: taskId });
      await calls.cancel(caller, taskId);
    } catch (error) {
      // It never began, or has ended: there is nothing to give up any more.
      const { code } = toContinuoError(error);
      if (code !== 'TASK_NOT_FOUND' && code !== 'TASK_NOT_CANCELABLE') throw error;
    }
  }
}

function acceptsStream(request: Request): void {
  if (request.accepts(EVENT_STREAM) !== false) return;
  throw invalidArgument('Accept', `${EVENT_STREAM}, beside application/json`);
}
