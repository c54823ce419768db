/** The events of many tasks as one SSE stream that resumes. */
import type { Response } from 'express';
import type { Config } from '../platform/config.js';
import { beginStream, closedSignal, type SseFrame } from '../platform/sse.js';
import { formatPosition, parsePosition, type FeedPosition, type FeedScope } from '../tasks/read-feed.js';
import type { TasksService } from '../tasks/tasks-service.js';

/** Without `Last-Event-ID` it begins at `beginning`, by default now; a first frame, of event type `open`, says where. */
export async function sendFeed(
  tasks: TasksService,
  scope: FeedScope,
  lastEventId: string | undefined,
  response: Response,
  { sseHeartbeatMs }: Pick<Config, 'sseHeartbeatMs'>,
  beginning?: FeedPosition,
): Promise<void> {
  const resumed = lastEventId === undefined || lastEventId === '' ? undefined : parsePosition(lastEventId);
  const after = resumed ?? beginning ?? (await tasks.endOfFeed());
  const signal = closedSignal(response);
  beginStream(response, toFrames(tasks, scope, after, signal), { heartbeatMs: sseHeartbeatMs, signal });
}

async function* toFrames(
  tasks: TasksService,
  scope: FeedScope,
  after: FeedPosition,
  signal: AbortSignal,
): AsyncGenerator<SseFrame, void> {
  yield { id: formatPosition(after), event: 'open', data: {} };
  for await (const event of tasks.feed(scope, after, signal)) {
    const pieces = event.large === true ? { pieces: tasks.text(event) } : {};
    yield { id: formatPosition(event.position), data: event.response, ...pieces };
  }
}
