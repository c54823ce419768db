/** The ways to an MCP server, on which what is too much costs the call that it answers, and no other. */
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { refusedAnswer } from '@continuo/agent/internal/platform/answer-refused.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { LocalMcpServer, McpServer } from '@continuo/agent/internal/platform/mcp-server.js';
import { refuseParsedBeyond } from '../../../platform/count-json.js';
import { ANSWER_BOUNDS } from '../../../platform/egress/counted-answers.js';
import type { Egress } from '../../../platform/egress/egress.js';
import { ENDED_EARLY, failure, fetchFor } from './http-fetch.js';
import type { TokenStore } from './kept-tokens.js';
import { OAuthClient } from './oauth-client.js';

/** Requests that may wait for the rest of their stream. */
const MOST_INTERRUPTED = 1_000;

export class Transports {
  readonly #oauth: OAuthClient | undefined;

  constructor(
    private readonly server: McpServer,
    private readonly egress: Pick<Egress, 'fetch'>,
    { tokens, clock }: { readonly tokens: TokenStore; readonly clock: Pick<Clock, 'sleep'> },
  ) {
    if (!('url' in server) || server.oauth === undefined) return;
    this.#oauth = new OAuthClient(server.url, server.oauth, tokens, clock);
  }

  /** `doubted` is called when the server may have been started again. */
  open(doubted: () => void): Transport {
    const { server } = this;
    if (!('url' in server)) return toProgram(server);
    const interrupted = new Set<RequestId>();
    const notResumed = (): void => {
      for (const id of interrupted) transport.onmessage?.(failure(id, ENDED_EARLY));
      interrupted.clear();
      doubted();
    };
    const call = fetchFor(server, this.egress, {
      ended: doubted,
      interrupted: (id) => {
        interrupted.add(id);
        const [oldest] = interrupted;
        // Most have had their answer before.
        if (interrupted.size > MOST_INTERRUPTED && oldest !== undefined) interrupted.delete(oldest);
      },
      notResumed,
    });
    const transport: Transport = new StreamableHTTPClientTransport(new URL(server.url), {
      fetch: this.#oauth?.authorized(call) ?? call,
    });
    return Object.assign(transport, {
      onerror: ({ message }: Error) => {
        // The SDK tells nobody who waits for an answer.
        if (message.startsWith('Maximum reconnection attempts')) notResumed();
      },
    });
  }

  /** What was given out for it: nobody else may see that. */
  get tokens(): readonly string[] {
    return this.#oauth?.secrets ?? [];
  }
}

function toProgram({ command, args = [], env = {} }: LocalMcpServer): Transport {
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
