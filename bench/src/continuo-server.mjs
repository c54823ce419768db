/** Continuo with the same agents, on its public exports alone (`DATABASE_URL`, `PORT`). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { A2AAgent, A2AAgentBaseService, startServer } from '@continuo/server';
import { chunkText } from './agent-data.mjs';
import { Steps } from './steps-agent.mjs';

/** Answers with the text it was sent. */
class Echo extends A2AAgentBaseService {
  /** @param {import("@continuo/server").TaskContext} task */
  async execute(task) {
    await task.artifact({ name: 'out', parts: [{ text: task.text }] });
  }
}

/** Streams as many chunks as the text begins with, or the data part `{ chunks, asks }`, which if it `asks` begins with an answer. */
class Stream extends A2AAgentBaseService {
  /** @param {import("@continuo/server").TaskContext} task */
  async execute(task) {
    const chunks = Number(task.data?.chunks ?? parseInt(task.text, 10));
    if (task.data?.asks) await task.requestInput('Shall I begin?');
    const out = task.stream({ name: 'out' });
    for (let index = 0; index < chunks; index += 1) await out.write(chunkText(index));
    await out.end();
  }
}

/** Says as many words of progress as the text begins with. */
class Progress extends A2AAgentBaseService {
  /** @param {import("@continuo/server").TaskContext} task */
  async execute(task) {
    const chunks = parseInt(task.text, 10);
    for (let index = 0; index < chunks; index += 1) await task.progress(index / chunks, chunkText(index));
  }
}

A2AAgent({ type: 'bench', name: 'echo', description: 'Answers with the text it was sent', skills: [] })(Echo);
A2AAgent({ type: 'bench', name: 'stream', description: 'Streams the chunks asked for', skills: [] })(Stream);

A2AAgent({ type: 'bench', name: 'progress', description: 'Says the progress asked for', skills: [] })(Progress);

await startServer({ agents: [Echo, Stream, Steps, Progress], env: process.env });

// Counts what is in use, not what nobody has thrown away yet.
process.on('message', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ heap: heapUsed + external, resident: rss });
});
// The bench's question alone keeps no server alive.
process.channel?.unref();
