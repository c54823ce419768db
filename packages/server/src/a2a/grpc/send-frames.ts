/** Sends a task's events over gRPC at the pace of the client, each with its id, behind which a client resumes. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { stateOf } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal, isWaiting } from '@continuo/agent/internal/tasks/task-state.js';
import { PROGRESS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { AnswerRoom } from '../../platform/answer-room.js';
import { closedSignal } from '../../platform/sse.js';
import type { Frame } from '../frame.js';
import { eventWithin, withoutContent } from '../large-event.js';
import { senderOf } from './admission.js';
import { encodeJson } from './encode-json.js';
import { MOST_MESSAGE_BYTES, type Call } from './grpc-user.js';

type Said = Frame['data'];

/** Bytes that a client may leave waiting before the next event is read for it. */
const MOST_UNSENT_BYTES = 256 * 1024;

export interface SendingOptions {
  /** For events that are too large to be read with others. */
  readonly room: AnswerRoom;
  /** Milliseconds after which a client is given up that takes nothing. */
  readonly stalledClientMs: number;
  readonly isDraining: () => boolean;
}

/**
 * Resolves when all has been handed to the client. Throws UNAVAILABLE when the stream ends before its task does because the
 * server stops, and REQUEST_TIMEOUT for a client that takes nothing.
 */
export async function sendFrames(call: Call, frames: AsyncIterable<Frame>, options: SendingOptions): Promise<void> {
  const signal = closedSignal(call);
  const sending = new Sending(call, signal, options.stalledClientMs);
  let isOver = false;
  let last = 0;
  try {
    for await (const frame of frames) {
      if (signal.aborted) return;
      last = frame.id;
      isOver = endsStream(frame.data);
      if (frame.pieces === undefined) await sending.send(encoded(frame.data, frame.id), MOST_UNSENT_BYTES);
      else await sendLarge(sending, frame, frame.pieces, options.room);
    }
  } finally {
    sending.flush();
  }
  if (isOver || signal.aborted || !options.isDraining()) return;
  throw new ContinuoError('UNAVAILABLE', `The server is stopping. Go on with last-event-id: ${last}.`, {
    retryAfterSeconds: 1,
  });
}

/** A Message is all that there is. */
function endsStream(said: Said): boolean {
  const state = 'message' in said ? 'COMPLETED' : stateOf(said);
  return state !== undefined && (isTerminal(state) || isWaiting(state));
}

/** An event by itself, as long as it waits for the client; one that no client would take goes without its content. */
async function sendLarge(
  sending: Sending,
  { id, data }: Frame,
  pieces: AsyncIterable<string>,
  room: AnswerRoom,
): Promise<void> {
  await room.take(MOST_MESSAGE_BYTES, async () => {
    await sending.send(encoded(await eventWithin(data, pieces, MOST_MESSAGE_BYTES), id), 0);
  });
}

/** One that no client would take goes without its content. */
function encoded(event: Said, id: number): Buffer {
  const whole = encodeJson('StreamResponse', withId(event, id));
  return whole.length <= MOST_MESSAGE_BYTES ? whole : encodeJson('StreamResponse', withId(withoutContent(event), id));
}

/** With the event's id where A2A has room for it: among its progress. */
function withId(event: Said, eventId: number): object {
  if ('message' in event) return { message: numbered(event.message, eventId) };
  if ('task' in event) return { task: numbered(event.task, eventId) };
  if ('statusUpdate' in event) return { statusUpdate: numbered(event.statusUpdate, eventId) };
  return { artifactUpdate: numbered(event.artifactUpdate, eventId) };
}

function numbered(said: object & { readonly metadata?: Readonly<Record<string, unknown>> }, eventId: number): unknown {
  const { metadata, ...rest } = said;
  const progress = metadata?.[PROGRESS_EXTENSION];
  const known = typeof progress === 'object' ? progress : undefined;
  const inProgress = { [PROGRESS_EXTENSION]: known === undefined ? { eventId } : { ...known, eventId } };
  return { metadata: metadata === undefined ? inProgress : { ...metadata, ...inProgress }, ...rest };
}

/** Bytes of messages that leave together. */
const MOST_TOGETHER_BYTES = 32 * 1024;

/** What has been written and not yet taken. Messages that follow each other at once leave together. */
class Sending {
  #unsent = 0;
  #together: Buffer[] = [];
  #togetherBytes = 0;
  #taken: () => void = () => undefined;

  constructor(
    private readonly call: Call,
    private readonly closed: AbortSignal,
    private readonly stalledMs: number,
  ) {}

  /** Resolves when no more than `most` bytes wait, or nobody waits for them. Throws REQUEST_TIMEOUT. */
  async send(message: Buffer, most: number): Promise<void> {
    if (this.#together.length === 0) setImmediate(() => this.flush());
    this.#together.push(message);
    this.#togetherBytes += message.length;
    this.#unsent += message.length;
    if (this.#togetherBytes >= MOST_TOGETHER_BYTES) this.flush();
    while (this.#unsent > most && !this.closed.aborted) await this.#progress();
  }

  flush(): void {
    // The end of the call may have been said meanwhile: behind it there is nothing more.
    if (this.#together.length === 0 || this.call.writableEnded || this.call.destroyed) return;
    const bytes = this.#togetherBytes;
    senderOf(this.call.metadata)(this.#together, () => {
      this.#unsent -= bytes;
      this.#taken();
    });
    this.#together = [];
    this.#togetherBytes = 0;
  }

  #progress(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(late);
        this.closed.removeEventListener('abort', gone);
        this.#taken = () => undefined;
        if (error === undefined) resolve();
        else reject(error);
      };
      const gone = (): void => settle();
      const stalled = new ContinuoError('REQUEST_TIMEOUT', 'The client takes nothing of what waits for it.');
      const late = setTimeout(() => settle(stalled), this.stalledMs).unref();
      this.closed.addEventListener('abort', gone);
      this.#taken = gone;
    });
  }
}
