/** Parts of an answer as MCP's content: what is elsewhere is a link where it is on the web, and told in words where it isn't. */
import { expect, it } from 'vitest';
import { toContent } from '../../src/protocols/mcp/content.js';

const of = { taskId: '01a225c9-92ec-7472-8dea-7f1b869b5a67', baseUrl: 'https://agents.example.com' };

it.each([
  ['https://example.org/a', 'https://example.org/a'],
  ['/files/01a228e3', 'https://agents.example.com/files/01a228e3'],
])('%s is a link', (url, uri) => {
  expect(toContent([{ url, filename: 'a.txt' }], of)).toEqual([{ type: 'resource_link', uri, name: 'a.txt' }]);
});

it.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd'])(
  '%j is none',
  (url) => {
    expect(toContent([{ url, filename: 'a.txt' }, { url }], of)).toEqual([
      { type: 'text', text: `a.txt: ${url}` },
      { type: 'text', text: url },
    ]);
  },
);
