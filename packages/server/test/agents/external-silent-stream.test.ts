/** A remote agent whose stream stays open and brings nothing: its task is looked at all the same. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { Mirror } from '../../src/agents/external/mirror.js';
import { RemoteAgent } from '../../src/agents/external/remote-agent.js';
import { Egress } from '../../src/platform/egress/egress.js';
import { onLoopback } from '../support/on-loopback.js';

/** Waits no longer than a moment, whatever is asked for. */
const hasty: Clock = { ...systemClock, after: (_ms, ring) => systemClock.after?.(20, ring) ?? (() => undefined) };
const shown = {} as Pick<TaskContext, 'stream' | 'progress'>;

it.each(['JSONRPC', 'HTTP+JSON'])('over %s, until it has ended', async (protocolBinding) => {
  const left: Promise<void>[] = [];
  let looks = 0;
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = request.url, id } = JSON.parse((await text(request)) || '{}') as Asked;
    if (method?.endsWith('card.json') === true) return void response.end(JSON.stringify(card()));
    if (method?.includes('ubscribe') === true) {
      left.push(new Promise((resolve) => response.once('close', resolve)));
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': still here\n\n');
      return;
    }
    looks += 1;
    const state = looks < 3 ? 'TASK_STATE_WORKING' : 'TASK_STATE_COMPLETED';
    const task = { id: 'there', contextId: 'c', status: { state } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(protocolBinding === 'JSONRPC' ? { jsonrpc: '2.0', id, result: task } : task));
  }
  const url = await onLoopback(server);
  const card = () => ({
    name: 'Silent',
    description: 'Says nothing.',
    version: '1.0.0',
    capabilities: { streaming: true },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
    supportedInterfaces: [{ url: `${url}/a2a`, protocolBinding, protocolVersion: '1.0' }],
  });
  const remote = new RemoteAgent({
    cardUrl: `${url}/card.json`,
    headers: {},
    egress: new Egress({ allow: [], local: true }),
    trust: { checked: async (given) => given },
    clock: hasty,
    patienceMs: 10_000,
  });
  const settled = await remote.follow('there', new Mirror(shown, {}), undefined, new AbortController().signal);
  expect(settled.state).toBe('COMPLETED');
  expect(left).toHaveLength(2);
  // None of the streams that were given up stays open.
  await Promise.all(left);
});

interface Asked {
  readonly method?: string;
  readonly id?: unknown;
}
