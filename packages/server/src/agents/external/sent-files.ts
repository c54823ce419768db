/** What a remote agent gets of files of this server, which it may not read: their content, or what they are called. */
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';

/** All files of a message together: most servers take bodies of 10 MiB, and base64 makes four bytes of three. */
const MOST_BYTES = 7 * 1024 ** 2;

/** Links to other servers, and files that are gone, stay as they are. */
export async function withContent(
  parts: readonly Part[],
  task: Pick<TaskContext, 'openFile' | 'readFile'>,
): Promise<readonly Part[]> {
  let room = MOST_BYTES;
  const sent: Part[] = [];
  for (const part of parts) {
    const next = part.url === undefined ? { part, bytes: 0 } : await read(part, part.url, task, room);
    room -= next.bytes;
    sent.push(next.part);
  }
  return sent;
}

async function read(
  part: Part,
  url: string,
  task: Pick<TaskContext, 'openFile' | 'readFile'>,
  room: number,
): Promise<{ readonly part: Part; readonly bytes: number }> {
  try {
    const { name: filename, mediaType, size } = await task.openFile(part);
    const { url: _, metadata } = part;
    const about = { ...(metadata === undefined ? {} : { metadata }), filename, mediaType };
    if (size <= room) {
      const content = Buffer.from(await task.readFile(part, { maxBytes: size }));
      return { part: { ...about, raw: content.toString('base64') }, bytes: size };
    }
    if (!url.startsWith('/')) return { part: { ...about, url }, bytes: 0 };
    const text = `[File ${filename} (${mediaType}, ${size} bytes): too large to be sent along]`;
    return { part: { ...(metadata === undefined ? {} : { metadata }), text }, bytes: 0 };
  } catch (error) {
    if (error instanceof TerminalError) return { part, bytes: 0 };
    throw error;
  }
}
