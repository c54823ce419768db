/** What models answer with success should be a stream of events, and ends where it says so; some servers keep to neither. */
import { ModelUnavailableError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { isObject, jsonIn } from '@continuo/agent/internal/platform/json-object.js';
import { cut, wellFormed } from '@continuo/agent/internal/platform/text.js';

const MOST_SHOWN = 200;
/** How lines of an event stream begin, behind a byte order mark: comments, `data`, `event`, `id`, `retry`. */
const eventLine = /^\s*(?::|data\b|event\b|id\b|retry\b)/;

/**
 * `fetch` of calls that are answered by streams of events, which come whole, one or more at a time. An error that came with
 * success has the status of an error; a whole answer of chat completions becomes a stream of one event; whatever else is no
 * stream is named. Behind the event that ends a stream nothing is waited for.
 */
export function streamed(fetchAnswer: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetchAnswer(input, init);
    const { ok, body, status, statusText, headers } = response;
    if (!ok || body === null) return response;
    const reader = body.getReader();
    const first = await reader.read();
    if (first.done) return new Response('', { status, statusText, headers });
    if (!eventLine.test(textOf(first.value))) {
      return notStreamed(await rest(first.value, reader), new URL(response.url).origin, headers);
    }
    return new Response(untilItsEnd(first.value, reader), { status, statusText, headers });
  };
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

function untilItsEnd(first: Uint8Array, reader: Reader): ReadableStream<Uint8Array> {
  let next: Uint8Array | undefined = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = next ?? (await reader.read()).value;
      next = undefined;
      if (chunk !== undefined) controller.enqueue(chunk);
      if (chunk !== undefined && !isLast(chunk)) return;
      controller.close();
      // Nobody waits for what the server may have to say to it.
      if (chunk !== undefined) reader.cancel().catch(() => undefined);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

const lastEvents: ReadonlySet<unknown> = new Set([
  'message_stop',
  'response.completed',
  'response.incomplete',
  'response.failed',
]);
const mayBeLast = /\[DONE\]|message_stop|response\.(?:completed|incomplete|failed)/;

/** Whether the last event of the stream is in it, by OpenAI's protocols and Anthropic's; Google's has none. */
function isLast(events: Uint8Array): boolean {
  const text = textOf(events);
  if (!mayBeLast.test(text)) return false;
  return [...text.matchAll(/^data:\s?(.*)$/gm)].some(([, data = '']) => {
    if (data.trim() === '[DONE]') return true;
    const event = mayBeLast.test(data) ? jsonIn(data) : undefined;
    return isObject(event) && lastEvents.has(event['type']);
  });
}

async function rest(first: Uint8Array, reader: Reader): Promise<string> {
  const chunks = [first];
  for (let more = await reader.read(); !more.done; more = await reader.read()) chunks.push(more.value);
  return textOf(Buffer.concat(chunks));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function notStreamed(text: string, origin: string, given: Headers): Response {
  const said = jsonIn(text);
  const error = errorIn(Array.isArray(said) ? said[0] : said);
  if (error !== undefined) {
    const headers = new Headers(given);
    headers.set('content-type', 'application/json');
    return new Response(JSON.stringify(error.body), { status: error.status, headers });
  }
  const stream = isObject(said) ? asStream(said) : undefined;
  if (stream !== undefined) return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  const shown = cut(wellFormed(text.trim()), MOST_SHOWN);
  throw new ModelUnavailableError(`What ${origin} answered is no stream of events: ${shown || '(nothing)'}`);
}

function errorIn(said: unknown): { readonly body: unknown; readonly status: number } | undefined {
  if (!isObject(said) || said['error'] === undefined || said['error'] === null) return undefined;
  const { error } = said;
  const known: Readonly<Record<string, unknown>> = isObject(error) ? error : { message: error };
  const { message = JSON.stringify(error) } = known;
  // What each protocol wants of an error before its message is read.
  const whole = { type: 'error', code: null, status: 'UNKNOWN', ...known, message: String(message) };
  const body = { type: 'error', ...said, error: whole };
  const codes = [whole.status, whole.code].map(Number);
  return { body, status: codes.find((code) => Number.isInteger(code) && code >= 400 && code < 600) ?? 500 };
}

/** Of a server that answers chat completions as a whole though it was asked for a stream. */
function asStream(said: Readonly<Record<string, unknown>>): string | undefined {
  const { choices } = said;
  if (!Array.isArray(choices) || !choices.every((choice) => isObject(choice) && isObject(choice['message']))) {
    return undefined;
  }
  const streamedChoices = choices.map(({ message, ...choice }: Record<string, unknown>) => ({
    ...choice,
    delta: message,
  }));
  return `data: ${JSON.stringify({ ...said, choices: streamedChoices })}\n\ndata: [DONE]\n\n`;
}
