/** An MCP server as a process of its own: on standard input and output, or (`http <port>`) over streamable HTTP. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function makeServer() {
  const server = new McpServer({ name: 'sums', version: '1.0.0' });
  server.registerTool(
    'add',
    { description: 'Adds two numbers.', inputSchema: { a: z.number(), b: z.number() } },
    ({ a, b }) => ({ content: [{ type: 'text', text: `${a + b}` }] }),
  );
  server.registerTool('environment', { description: 'Says what it was given.' }, (extra) => ({
    content: [
      {
        type: 'text',
        text: JSON.stringify({
          pid: process.pid,
          key: process.env.SUMS_KEY,
          database: process.env.DATABASE_URL,
          idempotent: typeof extra['_meta']?.['continuo/idempotencyKey'],
        }),
      },
    ],
  }));
  server.registerTool('fail', { description: 'Fails.' }, () => {
    throw new Error('Out of numbers.');
  });
  server.registerTool('many', { description: 'Gives many values.' }, () => ({
    content: [{ type: 'text', text: 'Many.' }],
    structuredContent: { many: Array.from({ length: 1_000_000 }, () => ({})) },
  }));
  server.registerResource('terms', 'docs://terms', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [
      { uri: href, text: 'Be kind.' },
      { uri: 'docs://seal.png', mimeType: 'image/png', blob: 'iVBORw0KGgo=' },
    ],
  }));
  server.registerPrompt('greet', { argsSchema: { name: z.string() } }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet ${name}.` } }],
  }));
  return server;
}

/** Beside its tools it offers one that no model may be offered. */
function withBadTool(transport) {
  const bad = { name: 'bad', inputSchema: { type: 'object' }, outputSchema: { $id: 'x' } };
  const send = transport.send.bind(transport);
  transport.send = ({ result, ...message }, ...more) => {
    const tools = result?.tools;
    const changed = tools === undefined ? result : { ...result, tools: [bad, ...tools] };
    return send({ ...message, ...(result === undefined ? {} : { result: changed }) }, ...more);
  };
  return transport;
}

async function serve(request, response, sessions) {
  if (request.headers.authorization !== 'Bearer mcp-secret') {
    response.writeHead(401).end();
    return;
  }
  const id = request.headers['mcp-session-id'];
  if (id !== undefined && !sessions.has(id)) {
    response.writeHead(404).end('no such session');
    return;
  }
  let transport = sessions.get(id);
  if (transport === undefined) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => sessions.set(session, transport),
    });
    await makeServer().connect(withBadTool(transport));
  }
  await transport.handleRequest(request, response);
}

if (process.argv[2] === 'http') {
  const sessions = new Map();
  createServer((request, response) => void serve(request, response, sessions)).listen(
    Number(process.argv[3]),
    '127.0.0.1',
    () => console.log('listening'),
  );
} else {
  await makeServer().connect(withBadTool(new StdioServerTransport()));
}
