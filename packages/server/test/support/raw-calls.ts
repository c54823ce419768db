/** HTTP calls whose headers say what no browser and no `fetch` would let them say. */
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Undefined when it isn't JSON. */
  readonly body: unknown;
}

/** Sends one request; `headers` are all that it has. */
export async function rawCall(
  method: string,
  url: string,
  { headers = {}, body }: { readonly headers?: OutgoingHttpHeaders; readonly body?: unknown } = {},
): Promise<RawAnswer> {
  const sent = request(url, { method, headers, setHost: false, agent: false });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const answer = await text(response);
  return { status: response.statusCode ?? 0, headers: response.headers, text: answer, body: jsonOf(answer) };
}

function jsonOf(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
