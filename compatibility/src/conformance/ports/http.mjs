/** HTTP as both JSON bindings use it: one request, and streams of server-sent events. */
import { Fault } from './fault.mjs';

/** How long an answer is waited for, in milliseconds. */
export const PATIENCE_MS = 60_000;

/** `body`: a text goes out as it is, everything else as JSON; headers that are undefined don't. Resolves when the head of the answer is there. */
export function request(method, url, { body, headers = {}, signal } = {}) {
  return fetch(url, {
    method,
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** The body as JSON; throws Fault for what is none. */
export async function jsonOf(response) {
  const text = await response.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    const said = `HTTP ${response.status} with a body that is no JSON: ${text.slice(0, 80)}`;
    throw new Fault({ code: response.status, message: said, status: response.status });
  }
}

export const headOf = (response) => (name) => response.headers.get(name) ?? undefined;

export function isStream(response) {
  return (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
}

/** The data of each event. Ends with the connection; whoever stops reading closes it. */
export async function* eventsOf(response) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body) {
    text = (text + decoder.decode(bytes, { stream: true })).replaceAll('\r\n', '\n');
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      if (data.length > 0) yield JSON.parse(data.join('\n'));
    }
  }
}
