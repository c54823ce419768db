/** A local MCP server over streamable HTTP, raw, that misbehaves as a test tells it. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onLoopback } from './on-loopback.js';

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly arguments?: unknown; readonly uri?: string };
}

/** How it answers a request of a session that it doesn't know. */
export type Unknown = 400 | 401 | 404 | 500 | 'error' | 'reset';

/** What it does with a request. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } }
  /** Sends this, whatever it is. */
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /**
   * `cut` closes the connection, `cut-stream` after the headers of an event stream, `cut-numbered` after an event with a
   * number, `hang` never answers.
   */
  | 'cut'
  | 'cut-stream'
  | 'cut-numbered'
  | 'hang';

/** The same, or as a good server when the promise resolves. */
export type Reaction = Answer | { readonly later: Promise<void> };

export class OddMcpServer {
  /** As `tools/list` gives them. */
  tools: readonly unknown[] = [{ name: 'ping', description: 'Pings.', inputSchema: { type: 'object' } }];
  /** Decides by method; without a decision it is a good server. */
  react: (message: Message) => Reaction | undefined = () => undefined;
  unknown: Unknown = 404;
  /** Whether it keeps a stream open on which it speaks of its own accord. */
  speaks = false;
  /** Judged before everything else: of a request's headers. */
  refuses: (request: IncomingMessage) => Answer | undefined = () => undefined;
  /** The methods of all requests, in order. */
  readonly asked: string[] = [];
  /** The names of the tools that were run, in order. */
  readonly ran: string[] = [];
  readonly #sessions = new Set<string>();
  readonly #streams = new Set<ServerResponse>();
  url = '';

  static async start(): Promise<OddMcpServer> {
    const server = new OddMcpServer();
    server.url = `${await onLoopback(createServer((request, response) => void server.#serve(request, response)))}/mcp`;
    return server;
  }

  /** As one that was started again: it knows no session, and its streams are cut. */
  restart(): void {
    this.#sessions.clear();
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  /** On all streams. */
  notify(method: string): void {
    for (const stream of this.#streams) stream.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method })}\n\n`);
  }

  get streams(): number {
    return this.#streams.size;
  }

  count(method: string): number {
    return this.asked.filter((asked) => asked === method).length;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.refuses(request);
    if (refusal !== undefined) return this.#carryOut(refusal, undefined, response);
    if (request.method === 'GET') return this.#stream(request, response);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const message = JSON.parse(await text(request)) as Message;
    this.asked.push(message.method);
    const session = request.headers['mcp-session-id'];
    if (message.method !== 'initialize' && !this.#sessions.has(String(session))) {
      return this.#refuseSession(message, response);
    }
    const reaction = this.react(message);
    if (message.method === 'tools/call') this.ran.push(String(message.params?.name));
    if (typeof reaction === 'object' && 'later' in reaction) await reaction.later;
    const isGood = reaction === undefined || (typeof reaction === 'object' && 'later' in reaction);
    return this.#carryOut(isGood ? this.#answer(message, response) : reaction, message, response);
  }

  #answer({ method, params }: Message, response: ServerResponse): Answer {
    if (method === 'initialize') {
      const session = randomUUID();
      this.#sessions.add(session);
      response.setHeader('mcp-session-id', session);
      const capabilities = { tools: { listChanged: true }, resources: {}, prompts: {} };
      return { result: { protocolVersion: '2025-06-18', capabilities, serverInfo: { name: 'odd', version: '1' } } };
    }
    if (method.startsWith('notifications/')) return { status: 202, body: '' };
    if (method === 'tools/list') return { result: { tools: this.tools } };
    if (method === 'tools/call') return { result: { content: [{ type: 'text', text: `${params?.name} ran` }] } };
    if (method === 'ping') return { result: {} };
    return { error: { code: -32_601, message: 'Method not found' } };
  }

  #refuseSession(message: Message, response: ServerResponse): void {
    const { unknown } = this;
    if (unknown === 'reset') return this.#carryOut('cut', message, response);
    if (unknown === 'error') {
      return this.#carryOut({ error: { code: -32_001, message: 'Session not found' } }, message, response);
    }
    this.#carryOut({ status: unknown, body: unknown === 500 ? 'oops' : '' }, message, response);
  }

  #carryOut(reaction: Answer, message: Message | undefined, response: ServerResponse): void {
    if (reaction === 'hang') return;
    if (reaction === 'cut') return void response.destroy();
    if (reaction === 'cut-stream' || reaction === 'cut-numbered') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const begin = reaction === 'cut-stream' ? ': here it comes' : 'id: 1\ndata:';
      response.write(`${begin}\n\n`, () => response.destroy());
      return;
    }
    if ('status' in reaction) return void response.writeHead(reaction.status, reaction.headers).end(reaction.body);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message?.id, ...reaction }));
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    if (!this.speaks) return void response.writeHead(405).end();
    if (!this.#sessions.has(String(request.headers['mcp-session-id']))) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    this.#streams.add(response);
  }
}
