/** A stand-alone server whose agents ask and then listen, fail until a file is there, and fail with what a terminal obeys. */
import { existsSync } from 'node:fs';
import { startServer, TerminalError } from '../../../server/dist/index.js';
import { EchoAgent } from '../../../server/dist/agents/builtin/echo-agent.js';
import { agent } from '../../../server/test/support/test-agent.mjs';

const agents = [
  agent('listens', async (task) => {
    const { text } = await task.requestInput('The old question?');
    const heard = await task.inbox.wait({ timeoutMs: 3_600_000 });
    return `${text}, ${heard?.text}`;
  }),
  /** What it is told is the path of a file: without it, it fails. */
  agent('second-try', async (task) => {
    if (!existsSync(task.text)) throw new TerminalError('The file is missing.');
    return 'Mended.';
  }),
  agent('sleeps', async (task) => {
    await task.sleep(3_600_000);
  }),
  agent('rude', async () => {
    throw new TerminalError('\u001B]0;owned\u0007\u001B[2JNo way.');
  }),
];

await startServer({ agents: [EchoAgent, ...agents] });
