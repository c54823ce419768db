/** Stores the large content of events before they are appended, once for all tries. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { PageObject } from '@continuo/agent/internal/tasks/page-object.js';
import type { NewEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { largeContent, type ObjectStorage } from './content-object.js';

/** An object that was stored longer ago may soon be removed: another is stored. */
const KEPT_MS = 30 * 60_000;

interface SayingRun {
  readonly taskId: string;
  readonly contextId: string;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * A function that answers with the events as they are to be appended, to be called for each try; undefined where nothing is to
 * be stored apart. It throws UNAVAILABLE, and goes on with what was not stored when it is called again.
 */
export function storedApart(
  storage: ObjectStorage,
  events: readonly NewEvent[],
  { taskId, contextId, clock }: SayingRun,
): (() => Promise<readonly NewEvent[]>) | undefined {
  if (!storage.isOpen) return undefined;
  const contents = events.map((event) => {
    if (event.kind !== 'artifactUpdate') return undefined;
    const { artifact, append, lastChunk } = event;
    return largeContent({ taskId, contextId, artifact, append, lastChunk });
  });
  if (contents.every((content) => content === undefined)) return undefined;
  const now = (): number => clock.now().getTime();
  const stored = new Map<number, { readonly object: PageObject; readonly since: number }>();
  return async () => {
    for (const [index, content] of contents.entries()) {
      const known = stored.get(index);
      if (content === undefined || (known !== undefined && Math.abs(now() - known.since) < KEPT_MS)) continue;
      const since = now();
      stored.set(index, { object: content.named(await storage.put(content.bytes, content.pieces())), since });
    }
    return events.map((event, index) => {
      const object = stored.get(index)?.object;
      return object === undefined ? event : { ...event, object };
    });
  };
}
