/** Generates requests of each binding that are wrong in one way: each has to be refused, and none may change anything. */
import fc from 'fast-check';

export interface BadRequest {
  readonly method: string;
  /** Below the server's URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

type Json = fc.Arbitrary<unknown>;

const agent = '/agents/function/echo';
const json = { 'content-type': 'application/json' };
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const any: Json = fc.jsonValue({ maxDepth: 2 });
const notText = any.filter((value) => typeof value !== 'string' && value !== null);
const notObject = any.filter((value) => !isObject(value) && value !== null);
const notArray = any.filter((value) => !Array.isArray(value) && value !== null);
/** Whole numbers that no column holds, and numbers that are not whole. */
const beyond = fc.oneof(
  fc.integer({ min: 2 ** 31, max: Number.MAX_SAFE_INTEGER }),
  fc.bigInt({ min: 2n ** 53n, max: 10n ** 300n }).map(Number),
  fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  fc.integer({ max: -1 }),
);
/** A whole number in the range, also one that is written as text, as ProtoJSON allows. */
function isWhole(value: unknown, least: number, most: number): boolean {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isInteger(number) && Number(number) >= least && Number(number) <= most;
}
const notCount = fc.oneof(
  any.filter((value) => value !== null && !isWhole(value, 0, 2 ** 31 - 1)),
  beyond,
);
const two = (most: number): fc.Arbitrary<string> => fc.nat(most).map((number) => String(number).padStart(2, '0'));
/** Texts in the form of a time that no calendar or no column has. */
const notTime = fc.oneof(
  fc.tuple(two(12), two(30)).map(([hour, minute]) => `0000-06-15T${hour}:${minute}:00Z`),
  fc
    .tuple(two(11), two(59))
    .map(([hour, minute]) => `9999-12-31T23:59:59-${hour}:${minute}`)
    .filter((time) => !time.endsWith('-00:00')),
  fc
    .tuple(two(11), two(59))
    .map(([hour, minute]) => `0001-01-01T00:00:00+${hour}:${minute}`)
    .filter((time) => !time.endsWith('+00:00')),
  fc.integer({ min: 10_000, max: 999_999 }).map((year) => `+${String(year).padStart(6, '0')}-01-01T00:00:00Z`),
  fc.constantFrom(
    'infinity',
    '-infinity',
    'now',
    'epoch',
    '2026-02-30T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01',
  ),
);
const unstorable = fc.tuple(fc.string(), fc.constantFrom('\0', '\ud83d', '\udc00')).map((parts) => parts.join(''));
/** Text that is one part of a path or of a query: clients resolve dots before they send a path. */
const segment = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => text !== '.' && text !== '..')
  .map(encodeURIComponent);

/** A member that is wrong, by the path to it, and the values that make it so. */
type Spoil = readonly [path: readonly string[], values: Json];

/** What is wrong with a message in either version of A2A. */
const messageSpoils: readonly Spoil[] = [
  [['message'], fc.oneof(notObject, fc.constant({}))],
  [['message', 'messageId'], fc.oneof(notText, fc.string({ minLength: 257, maxLength: 400 }), unstorable)],
  [['message', 'role'], any.filter((role) => !['ROLE_USER', 'user', 1, 2].includes(role as never))],
  [['message', 'parts'], fc.oneof(notArray, fc.constant([]), fc.array(notObject, { minLength: 1 }))],
  [['message', 'contextId'], fc.oneof(notText, unstorable)],
  [['message', 'taskId'], fc.oneof(notText, fc.string({ minLength: 1 }), fc.uuid(), unstorable)],
  [
    ['message', 'metadata'],
    fc.oneof(
      notObject,
      unstorable.map((text) => ({ text })),
    ),
  ],
];
const partSpoils: readonly Spoil[] = [
  [
    ['message', 'parts', '0'],
    fc.oneof(
      notObject,
      fc.constant({}),
      any.map((value) => ({ unknown: value })),
    ),
  ],
  [['message', 'parts', '0', 'text'], fc.oneof(notText, unstorable)],
];
const configurationSpoils: readonly Spoil[] = [
  [['configuration'], notObject],
  [['configuration', 'historyLength'], notCount],
];
const timingSpoils: readonly Spoil[] = [
  [['metadata', 'urn:continuo:a2a:tasks:v1'], fc.record({ startAt: notTime })],
  [
    ['message', 'metadata', 'urn:continuo:a2a:tasks:v1'],
    fc.oneof(fc.record({ startAt: notTime }), fc.record({ priority: beyond })),
  ],
];
const taskSpoils: readonly Spoil[] = [
  [['id'], fc.oneof(any, fc.uuid(), unstorable)],
  [['historyLength'], notCount],
];
const listSpoils: readonly Spoil[] = [
  [['pageSize'], any.filter((size) => size !== null && !isWhole(size, 1, 100))],
  [['pageToken'], fc.oneof(notText, fc.string({ minLength: 1 }))],
  [['historyLength'], notCount],
  [['contextId'], fc.oneof(notText)],
  [['statusTimestampAfter'], notTime],
];

const newMessage = { message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] } };
const oldMessage = {
  message: { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hello' }] },
};

/** `value` with another member at the end of `path`. */
function withMember(value: unknown, path: readonly string[], member: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return member;
  if (Array.isArray(value))
    return value.map((inner: unknown, index) => (String(index) === key ? withMember(inner, rest, member) : inner));
  const object = isObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
  return { ...object, [key]: withMember(object[key], rest, member) };
}

function spoiled(valid: unknown, spoils: readonly Spoil[]): Json {
  return fc.oneof(...spoils.map(([path, values]) => values.map((value) => withMember(valid, path, value))));
}

const notJson = fc.string({ minLength: 1 }).filter((text) => {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return text.trim() !== '';
  }
});

function post(
  path: string,
  body: fc.Arbitrary<unknown>,
  headers: Readonly<Record<string, string>> = {},
): fc.Arbitrary<BadRequest> {
  return body.map((value) => ({ method: 'POST', path, headers: { ...json, ...headers }, body: JSON.stringify(value) }));
}

function get(path: fc.Arbitrary<string>, headers: Readonly<Record<string, string>> = {}): fc.Arbitrary<BadRequest> {
  return path.map((value) => ({ method: 'GET', path: value, headers, body: undefined }));
}

/** Bodies that are no JSON, and none of JSON at all. */
function unreadable(path: string, headers: Readonly<Record<string, string>> = {}): fc.Arbitrary<BadRequest> {
  return fc.oneof(
    notJson.map((body) => ({ method: 'POST', path, headers: { ...json, ...headers }, body })),
    fc
      .string({ minLength: 1 })
      .map((body) => ({ method: 'POST', path, headers: { ...headers, 'content-type': 'text/plain' }, body })),
  );
}

const rpc = (method: string, params: Json): Json =>
  params.map((value) => ({ jsonrpc: '2.0', id: 1, method, params: value }));

function rpcRequests(methods: readonly (readonly [string, Json])[], headers: Readonly<Record<string, string>>) {
  const known = methods.map(([name]) => name);
  return fc.oneof(
    ...methods.map(([method, params]) => post(agent, rpc(method, params), headers)),
    post(
      agent,
      rpc('', any).chain((body) =>
        fc
          .string()
          .filter((name) => !known.includes(name))
          .map((method) => ({ ...(body as object), method })),
      ),
      headers,
    ),
    post(agent, any, headers),
    unreadable(agent, headers),
  );
}

const send = spoiled(newMessage, [...messageSpoils, ...partSpoils, ...configurationSpoils, ...timingSpoils]);
const oldSend = spoiled(oldMessage, [
  ...messageSpoils,
  ...partSpoils,
  ...timingSpoils,
  [['configuration', 'historyLength'], beyond],
]);
const task = spoiled({}, taskSpoils);

/** The API takes text for a message, and makes ids and roles itself. */
const apiSpoils: readonly Spoil[] = [
  [['message'], any.filter((value) => !isObject(value) && (typeof value !== 'string' || value.trim() === ''))],
  ...messageSpoils.filter(([[, member]]) => ['parts', 'contextId', 'taskId', 'metadata'].includes(member ?? '')),
];

/** The bindings by name. */
export const badRequests: Readonly<Record<string, fc.Arbitrary<BadRequest>>> = {
  'JSON-RPC': rpcRequests(
    [
      ['SendMessage', send],
      ['SendStreamingMessage', send],
      ['GetTask', task],
      ['CancelTask', task],
      ['SubscribeToTask', task],
      ['ListTasks', spoiled({}, listSpoils)],
    ],
    { 'a2a-version': '1.0' },
  ),
  'HTTP+JSON': fc.oneof(
    post(`${agent}/message:send`, send),
    post(`${agent}/message:stream`, send),
    unreadable(`${agent}/message:send`),
    get(
      segment.map((id) => `${agent}/tasks/${id}`),
      { 'a2a-version': '1.0' },
    ),
    segment.map((id) => ({ method: 'POST', path: `${agent}/tasks/${id}:cancel`, headers: {}, body: undefined })),
    segment.map((id) => ({ method: 'GET', path: `${agent}/tasks/${id}:subscribe`, headers: {}, body: undefined })),
    get(
      fc
        .tuple(fc.constantFrom('pageSize', 'pageToken', 'historyLength', 'status'), segment)
        .map(([name, value]) => `${agent}/a-tenant/tasks?${name}=x${value}`),
    ),
    get(beyond.map((value) => `${agent}/a-tenant/tasks?historyLength=${encodeURIComponent(String(value))}`)),
    get(notTime.map((time) => `${agent}/a-tenant/tasks?statusTimestampAfter=${encodeURIComponent(time)}`)),
  ),
  'the HTTP API': fc.oneof(
    post(
      `${agent}/tasks`,
      spoiled(newMessage, [
        ...apiSpoils,
        ...partSpoils,
        [['wait'], any.filter((wait) => wait !== null && typeof wait !== 'boolean')],
        [['priority'], notCount],
        [['startAt'], fc.oneof(notText, fc.string({ minLength: 1 }), notTime)],
        [['sessionId'], fc.oneof(notText, fc.string({ minLength: 1 }))],
      ]),
    ),
    unreadable(`${agent}/tasks`),
    post(
      '/sessions',
      spoiled({}, [
        [['title'], fc.oneof(notText, unstorable, fc.constant(''))],
        [['metadata'], notObject],
      ]),
    ),
    unreadable('/sessions'),
    post('/webhooks', any),
    post(
      '/webhooks/deliveries:redeliver',
      spoiled({ endpoint: 'e' }, [
        [['after'], notTime],
        [['before'], notTime],
      ]),
    ),
    post('/keys', spoiled({ owner: 'ada', scopes: ['read'] }, [[['expiresAt'], notTime]])),
    get(notTime.map((time) => `/tasks?statusTimestampAfter=${encodeURIComponent(time)}`)),
    get(
      fc
        .tuple(fc.constantFrom('pageSize', 'historyLength'), beyond)
        .map(([name, value]) => `/tasks?${name}=${encodeURIComponent(String(value))}`),
    ),
    fc.tuple(fc.constantFrom('/tasks/events', '/tasks/x/events'), beyond).map(([path, value]) => ({
      method: 'GET',
      path,
      headers: { 'last-event-id': String(value) },
      body: undefined,
    })),
    unreadable('/webhooks'),
    get(
      fc
        .tuple(fc.constantFrom('pageSize', 'pageToken', 'historyLength', 'state'), segment)
        .map(([name, value]) => `/tasks?${name}=x${value}`),
    ),
    fc
      .tuple(
        fc.constantFrom('GET', 'DELETE', 'POST', 'PATCH'),
        fc.constantFrom('/tasks/', '/sessions/', '/webhooks/', `${agent}/tasks/`, '/no-such/'),
        segment,
        fc.constantFrom('', ':cancel', ':retry', '/events', '/messages', '/export'),
      )
      .map(([method, path, id, end]) => ({ method, path: `${path}x${id}${end}`, headers: {}, body: undefined })),
  ),
  'A2A 0.3 over JSON-RPC': rpcRequests(
    [
      ['message/send', oldSend],
      ['message/stream', oldSend],
      ['tasks/get', task],
      ['tasks/cancel', task],
      ['tasks/resubscribe', task],
    ],
    {},
  ),
};
