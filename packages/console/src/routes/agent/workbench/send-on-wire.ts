/** Sends what any client could send, and notes what goes over the wire. */
import { createParser } from 'eventsource-parser';
import { authorization } from '../../../api/credentials.js';
import { newId } from '../../../api/new-id.js';
import type { WireEntry, WireLog } from './wire-log.js';
import { wireRequest, type Target, type Trial, type WireRequest } from './wire-request.js';

/** Of a response's headers, those that say something about the call. */
const SHOWN =
  /^(content-type|content-length|retry-after|www-authenticate|location|etag|x-request-id|traceparent)$|^a2a-/;

/** A message. The rest is as `exchange` has it. */
export function sendOnWire(
  trial: Trial,
  target: Target,
  log: WireLog,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return exchange(wireRequest(trial, target, newId()), log, signal, { trial, target });
}

/** Gives the texts of what was answered: one, or one for each event. Never throws: what goes wrong is noted. */
export async function exchange(
  request: WireRequest,
  log: WireLog,
  signal: AbortSignal,
  call?: WireEntry['call'],
): Promise<readonly string[]> {
  const signed = await authorization().catch(() => ({}));
  const start = performance.now();
  const note = (entry: Pick<WireEntry, 'kind' | 'title' | 'text'> & Partial<WireEntry>): void =>
    log.add({ headers: [], failed: false, ...entry, at: performance.now() - start });
  note({
    kind: 'request',
    title: `${request.method} ${request.url}`,
    headers: [...Object.entries(request.headers), ...Object.keys(signed).map((name) => [name, 'Bearer …'] as const)],
    text: request.body ?? '',
    request,
    call,
  });
  const answers: string[] = [];
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers, ...signed },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal,
      credentials: 'omit',
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const text = isStream ? '' : await response.text();
    note({
      kind: 'response',
      title: `${response.status} ${response.statusText}`.trim(),
      headers: [...response.headers].filter(([name]) => SHOWN.test(name)),
      text,
      failed: !response.ok,
    });
    if (!isStream) return [text];
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        answers.push(data);
        const title = [`#${answers.length}`, event, id === undefined ? undefined : `id ${id}`];
        note({ kind: 'event', title: title.filter((one) => one !== undefined).join(' · '), text: data });
      },
    });
    await readText(response, (chunk) => parser.feed(chunk));
  } catch (error) {
    const stopped = signal.aborted;
    note({ kind: 'error', title: stopped ? 'abort' : 'network', text: String(error), failed: !stopped });
  }
  return answers;
}

async function readText({ body }: Response, take: (chunk: string) => void): Promise<void> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}
