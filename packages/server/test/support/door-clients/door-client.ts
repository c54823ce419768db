/** What clients of other protocols are tried with: the columns of their table. */
import { readFile } from 'node:fs/promises';
import type { Party } from '../../../../../compatibility/src/table.mjs';
import { callRpc } from '../http-calls.js';

export const doorScenarios = [
  'find',
  'send',
  'stream',
  'memory',
  'answer',
  'cancel',
  'resume',
  'two doors',
  'errors',
] as const;

/** What the columns stand for, and what else there is to say. */
export const doorsSay = `- find: the list of agents. memory: a second message in the same session. answer: an agent asks twice. errors: of an unknown agent, and of a task that fails, in the form of the protocol.
- stream: as the agent says it; over MCP that is its progress, as results come in one piece there.
- cancel: by what the client has for it; AG-UI's gives up a question that waits.
- resume: the stream is lost at one instance and goes on at another, and every word is said once. \`DefaultChatTransport\` gives it again to a chat that is opened anew. \`HttpAgent\` also throws where nobody can catch it when a connection is lost ([ag-ui#2510](https://github.com/ag-ui-protocol/ag-ui/issues/2510)), which the test does for it.
- two doors: a session that was begun over A2A goes on.`;

/** One row. What a client doesn't offer, it has no scenario for. */
export type DoorClient = Party<(typeof doorScenarios)[number]>;

/** Two instances on one database, by their URLs. */
export interface Instances {
  readonly url: string;
  readonly other: string;
}

/** What `test/dictates` is told where its client is cut off, and the word at which that happens. */
export const dictation = Array.from({ length: 20 }, (_word, index) => `word-${index}`).join(' ');
export const cutOffAt = 'word-7';

/** The name and version of a package as it is installed, as the table has it. */
export async function installed(name: string): Promise<string> {
  const manifest = new URL(`../../../../../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string };
  return `\`${name}\` ${version}`;
}

/** Says something to `test/remembers`, over A2A, in the session `contextId`. */
export async function saidOverA2A(url: string, text: string, contextId: string): Promise<void> {
  const message = { messageId: crypto.randomUUID(), contextId, role: 'ROLE_USER', parts: [{ text }] };
  await callRpc(`${url}/agents/test/remembers`, 'SendMessage', { message });
}
