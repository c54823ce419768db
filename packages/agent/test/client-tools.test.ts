/** Tools that clients offer: what can't be offered is refused in a few words, however much of it there is. */
import { expect, it } from 'vitest';
import { clientToolsOf } from '../src/agents/tools/client-tools.js';
import { CLIENT_TOOLS_EXTENSION } from '../src/tasks/task.js';

const offered = (tools: unknown) => () => clientToolsOf({ metadata: { [CLIENT_TOOLS_EXTENSION]: { tools } } }, {});

it('too many are counted, and not read', () => {
  expect(offered(Array.from({ length: 90_000 }, () => ({})))).toThrow(
    "The tools of the client can't be used: tools: expected at most 128 items, got 90000",
  );
});

it('each has a name of its own', () => {
  expect(offered([{ name: 'look' }, { name: 'look' }])).toThrow('expected each name once');
  expect(Object.keys(offered([{ name: 'look' }, { name: 'find' }])())).toEqual(['look', 'find']);
});

it('a schema that is its own alternative costs what it says', () => {
  const schema = { type: 'object', properties: { a: {} }, anyOf: Array.from({ length: 20 }, () => ({ $ref: '#' })) };
  expect(offered([{ name: 'look', inputSchema: schema }])()['look']?.inputSchema).toEqual({
    type: 'object',
    properties: { a: {} },
  });
});

it('a schema whose alternatives come to more than anybody has written is refused', () => {
  const each = (name: string) => ({ anyOf: Array.from({ length: 20 }, () => ({ $ref: `#/$defs/${name}` })) });
  const levels = Array.from({ length: 15 }, (_, level) => [`d${level}`, each(`d${level + 1}`)] as const);
  const wide = { ...each('d0'), $defs: { ...Object.fromEntries(levels), d15: {} } };
  const name = 'x'.repeat(100_000);
  const long = {
    allOf: Array.from({ length: 4_000 }, () => ({ $ref: '#/$defs/a' })),
    $defs: { a: { properties: { [name]: {} } } },
  };
  for (const inputSchema of [wide, long]) {
    expect(offered([{ name: 'look', inputSchema }])).toThrow(
      /tools\[0\]\.inputSchema: expected the JSON Schema of an object: the alternatives at its top come to more than \d+ (parts|characters)/,
    );
  }
});
