/** The ways to MCP servers, on which what is too much costs the call that it answers, and no other. */
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, type JSONRPCMessage, type RequestId } from '@modelcontextprotocol/sdk/types.js';
import { refuseParsedBeyond } from '../../platform/count-json.js';
import { ANSWER_BOUNDS, counted, refusedAnswer } from '../../platform/egress/counted-answers.js';
import { ContinuoError } from '../../platform/errors.js';
import type { McpServer } from '../../platform/mcp-servers.js';

export function transportTo(server: McpServer): Transport {
  if ('url' in server) {
    const { url, headers = {} } = server;
    const fetchCounted = counted(
      (input, init) => fetch(input, init),
      ANSWER_BOUNDS,
      // The transport says of a stream that fails nothing to those who wait for an answer from it.
      ({ message }, request) => {
        const id = idIn(request?.body);
        if (id !== undefined) transport.onmessage?.(failure(id, message));
      },
    );
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers },
      fetch: fetchCounted,
    });
    return transport;
  }
  const { command, args = [], env = {} } = server;
  const program = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    // What it writes there may hold its credentials.
    stderr: 'ignore',
  });
  return new CountedProgram(program, command);
}

/** A program's messages are bounded in bytes by the SDK, which parses them, and in values here, before anybody checks them. */
class CountedProgram implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  constructor(
    private readonly program: StdioClientTransport,
    private readonly name: string,
  ) {
    Object.assign(program, {
      onclose: () => this.onclose?.(),
      onerror: (error: Error) => this.onerror?.(error),
      onmessage: (message: JSONRPCMessage) => this.#receive(message),
    });
  }

  start(): Promise<void> {
    return this.program.start();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.program.send(message);
  }

  close(): Promise<void> {
    return this.program.close();
  }

  #receive(message: JSONRPCMessage): void {
    try {
      refuseParsedBeyond(message, ANSWER_BOUNDS);
    } catch (error) {
      const expected = error instanceof ContinuoError ? error.expected : undefined;
      const refused = refusedAnswer(this.name, expected ?? 'other values');
      if ('id' in message && message.id !== undefined && !('method' in message)) {
        this.onmessage?.(failure(message.id, refused.message));
      } else this.onerror?.(refused);
      return;
    }
    this.onmessage?.(message);
  }
}

function failure(id: RequestId, message: string): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code: ErrorCode.InternalError, message } };
}

/** Of the request in a body that the SDK wrote. */
function idIn(body: unknown): RequestId | undefined {
  if (typeof body !== 'string') return undefined;
  const { id } = JSON.parse(body) as { readonly id?: RequestId };
  return id;
}
