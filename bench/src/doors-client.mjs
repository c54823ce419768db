/** The same streams through each of Continuo's doors, over plain HTTP: what each protocol sends, and where the text is in it. */
import { randomUUID } from 'node:crypto';
import { streamText } from './agent-data.mjs';
import { open } from './http.mjs';
import { readEvents } from './sse.mjs';

/**
 * @typedef {object} Door
 * @property {"stream" | "progress"} agent which says the chunks: as text, or as words of progress
 * @property {DoorName} [beside] the door that it is compared with; undefined: it is one to compare with
 * @property {(text: string) => { path: string, body: object, headers?: Record<string, string> }} request says the text
 * @property {(event: any) => string | undefined} textOf what an event adds to the text
 * @property {(event: any) => boolean} isEnd the turn has completed
 */
/** @typedef {"a2a" | "a2aRest" | "chat" | "responses" | "agUi" | "aiSdk" | "a2aProgress" | "mcp"} DoorName */

const a2aHeaders = { 'a2a-version': '1.0' };

/** @param {string} text */
const a2aMessage = (text) => ({ message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }] } });

/** @param {any} update */
const artifactText = ({ artifactUpdate }) =>
  artifactUpdate?.artifact.parts.map((/** @type {any} */ p) => p.text).join('');

/** @param {any} update */
const hasCompleted = ({ statusUpdate }) => statusUpdate?.status.state === 'TASK_STATE_COMPLETED';

/** @param {Door["agent"]} agent @param {string} text */
const rpcRequest = (agent, text) => ({
  path: `/agents/bench/${agent}`,
  headers: a2aHeaders,
  body: { jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params: a2aMessage(text) },
});

/** @type {Readonly<Record<DoorName, Door>>} */
export const DOORS = {
  a2a: {
    agent: 'stream',
    request: (text) => rpcRequest('stream', text),
    textOf: ({ result }) => artifactText(result),
    isEnd: ({ result }) => hasCompleted(result),
  },
  a2aRest: {
    agent: 'stream',
    beside: 'a2a',
    request: (text) => ({
      path: '/agents/bench/stream/message:stream',
      headers: a2aHeaders,
      body: a2aMessage(text),
    }),
    textOf: artifactText,
    isEnd: hasCompleted,
  },
  chat: {
    agent: 'stream',
    beside: 'a2a',
    request: (content) => ({
      path: '/v1/chat/completions',
      body: { model: 'bench/stream', messages: [{ role: 'user', content }], stream: true },
    }),
    textOf: ({ choices }) => choices[0]?.delta.content,
    isEnd: ({ choices }) => choices[0]?.finish_reason === 'stop',
  },
  responses: {
    agent: 'stream',
    beside: 'a2a',
    request: (input) => ({ path: '/v1/responses', body: { model: 'bench/stream', input, stream: true } }),
    textOf: ({ type, delta }) => (type === 'response.output_text.delta' ? delta : undefined),
    isEnd: ({ type }) => type === 'response.completed',
  },
  agUi: {
    agent: 'stream',
    beside: 'a2a',
    request: (content) => ({
      path: '/ag-ui/bench/stream',
      body: { threadId: randomUUID(), runId: randomUUID(), messages: [{ id: randomUUID(), role: 'user', content }] },
    }),
    textOf: ({ type, delta }) => (type === 'TEXT_MESSAGE_CONTENT' ? delta : undefined),
    isEnd: ({ type, outcome }) => type === 'RUN_FINISHED' && outcome.type === 'success',
  },
  aiSdk: {
    agent: 'stream',
    beside: 'a2a',
    request: (text) => ({
      path: '/ai-sdk/bench/stream',
      body: { id: randomUUID(), messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }] },
    }),
    textOf: ({ type, delta }) => (type === 'text-delta' ? delta : undefined),
    isEnd: ({ type }) => type === 'finish',
  },
  a2aProgress: {
    agent: 'progress',
    request: (text) => rpcRequest('progress', text),
    textOf: ({ result }) =>
      hasCompleted(result)
        ? undefined
        : result.statusUpdate?.status.message?.parts.map((/** @type {any} */ p) => p.text).join(''),
    isEnd: ({ result }) => hasCompleted(result),
  },
  mcp: {
    agent: 'progress',
    beside: 'a2aProgress',
    request: (message) => ({
      path: '/mcp',
      headers: { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' },
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'bench_progress', arguments: { message }, _meta: { progressToken: 1 } },
      },
    }),
    textOf: ({ method, params }) => (method === 'notifications/progress' ? params.message : undefined),
    isEnd: ({ result }) => result?.structuredContent.state === 'COMPLETED',
  },
};

/**
 * One stream, read to its end.
 *
 * @param {{ base: string, door: DoorName, chunks: number }} stream
 * @returns {Promise<number>} how many events carried the chunks
 * @throws {Error} unless every chunk arrived once and in order, and the turn completed
 */
export async function streamThrough({ base, door, chunks }) {
  const { request, textOf, isEnd } = DOORS[door];
  // Each conversation begins with other words, as those of OpenAI's clients are found by them.
  const { path, ...options } = request(`${chunks} for ${randomUUID()}`);
  let [text, events, ended] = ['', 0, false];
  for await (const event of readEvents(await open(`${base}${path}`, { method: 'POST', ...options }))) {
    const piece = textOf(event) ?? '';
    text += piece;
    if (piece !== '') events += 1;
    ended ||= isEnd(event);
  }
  if (ended && text === streamText(chunks)) return events;
  throw new Error(
    `${door}: ${chunks} chunks came as ${text.length} characters in ${events} events, ${ended ? 'and' : 'without'} an end`,
  );
}
