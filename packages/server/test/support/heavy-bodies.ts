/** Bodies that are small in bytes for what they cost whoever understands them before counting: shapes of many small values. */

export interface HeavyBody {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, of about `bytes`. */
  readonly body: (bytes: number) => string;
}

const items = (item: string, bytes: number): string =>
  `[${Array.from({ length: Math.max(1, Math.floor(bytes / (item.length + 1))) }, () => item).join(',')}]`;
const members = (value: string, bytes: number): string => {
  const count = Math.max(1, Math.floor(bytes / (value.length + 12)));
  return `{${Array.from({ length: count }, (_, n) => `"k${n}":${value}`).join(',')}}`;
};
const nested = (open: string, close: string, bytes: number): string => {
  const levels = Math.floor(bytes / (open.length + close.length));
  return open.repeat(levels) + (open.endsWith(':') ? '1' : '') + close.repeat(levels);
};

/** Values of many parts. */
export const heavyValues: Readonly<Record<string, (bytes: number) => string>> = {
  'empty objects': (bytes) => items('{}', bytes),
  'empty lists': (bytes) => items('[]', bytes),
  numbers: (bytes) => items('1', bytes),
  nulls: (bytes) => items('null', bytes),
  'empty texts': (bytes) => items('""', bytes),
  'texts of escapes': (bytes) => items('"\\\\\\""', bytes),
  'lists in lists': (bytes) => nested('[', ']', bytes),
  'objects in objects': (bytes) => nested('{"a":', '}', bytes),
  'members of an object': (bytes) => members('1', bytes),
  'objects as members': (bytes) => members('{}', bytes),
  'numbered members': (bytes) => members('1', bytes).replaceAll('"k', '"'),
  'a name as long as the body': (bytes) => `{"${'k'.repeat(bytes)}":1}`,
  'the same name again and again': (bytes) => `{${items('"a":1', bytes).slice(1, -1)}}`,
};

/** A place in a body: `?` is where the value goes. */
type Place = readonly [name: string, path: string, body: string];

const message = '"messageId":"m","role":"ROLE_USER"';
const text = '"parts":[{"text":"hello"}]';
const echo = '/agents/function/echo';
const rpc = (method: string, params: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`;
const places: readonly Place[] = [
  ['parts over JSON-RPC', echo, rpc('SendMessage', `{"message":{${message},"parts":?}}`)],
  ['data over JSON-RPC', echo, rpc('SendMessage', `{"message":{${message},"parts":[{"data":?}]}}`)],
  [
    'modes over JSON-RPC',
    echo,
    rpc('SendMessage', `{"message":{${message},${text}},"configuration":{"acceptedOutputModes":?}}`),
  ],
  ['params over JSON-RPC', echo, rpc('GetTask', '?')],
  ['a JSON-RPC request', echo, '?'],
  [
    'parts over A2A 0.3',
    echo,
    rpc('message/send', '{"message":{"kind":"message","messageId":"m","role":"user","parts":?}}'),
  ],
  [
    'metadata over A2A 0.3',
    echo,
    rpc(
      'message/send',
      `{"message":{"kind":"message","messageId":"m","role":"user","parts":[{"kind":"text","text":"a"}]},"metadata":?}`,
    ),
  ],
  ['parts over HTTP+JSON', `${echo}/message:send`, `{"message":{${message},"parts":?}}`],
  ['parts of a stream over HTTP+JSON', `${echo}/message:stream`, `{"message":{${message},"parts":?}}`],
  ['extensions over HTTP+JSON', `${echo}/message:send`, `{"message":{${message},${text},"extensions":?}}`],
  [
    'parts over HTTP+JSON of A2A 0.3',
    `${echo}/v1/message:send`,
    '{"message":{"messageId":"m","role":"ROLE_USER","content":?}}',
  ],
  ['parts of a task', `${echo}/tasks`, '{"message":{"parts":?}}'],
  ['metadata of a task', `${echo}/tasks`, '{"message":"hello","metadata":{"a":?}}'],
  ['a task', `${echo}/tasks`, '?'],
  ['metadata of a session', '/sessions', '{"metadata":{"a":?}}'],
  ['kinds of a webhook', '/webhooks', '{"url":"https://example.com/","kinds":?}'],
  ['a webhook', '/webhooks', '?'],
  ['what is sent again', '/webhooks/deliveries:redeliver', '?'],
  ['agents of a key', '/keys', '{"owner":"ada","scopes":["read"],"agents":?}'],
  ['scopes of a key', '/keys', '{"owner":"ada","scopes":?}'],
];

/** Every shape at every place. */
export const heavyBodies: readonly HeavyBody[] = places.flatMap(([place, path, around]) =>
  Object.entries(heavyValues).map(([shape, value]): HeavyBody => {
    const headers = { 'content-type': 'application/json', ...(place.includes('0.3') ? {} : { 'a2a-version': '1.0' }) };
    return { name: `${shape} for ${place}`, path, headers, body: (bytes) => around.replace('?', () => value(bytes)) };
  }),
);
