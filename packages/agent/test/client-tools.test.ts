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
