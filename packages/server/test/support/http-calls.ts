/** Plain HTTP calls of a server under test, and what tests look up in the answers. */

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when there was no body. */
  readonly body: unknown;
}

export interface CallOptions {
  /** Text goes out as it is, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request, as JSON unless `headers` say otherwise. */
export async function call(method: string, url: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Sends one JSON-RPC request of A2A v1.0 to an agent. */
export function callRpc(
  agentUrl: string,
  method: string,
  params: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = { jsonrpc: '2.0', id: 1, method, params };
  return call('POST', agentUrl, { body, headers: { 'a2a-version': '1.0', ...headers } });
}

/** The member of a JSON value at the end of `path`; undefined where the path leads nowhere. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return (inner as Readonly<Record<string | number, unknown>>)[key];
  }, value);
}

/** The text at the end of `path`; empty where there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}
