/** A stand-alone server whose agent has tools that write down when they run; it runs the built product. */
import { appendFile } from 'node:fs/promises';
import { z } from 'zod';
import { A2AAgent, ContextAgentBaseService, startServer, tool } from '../../dist/index.js';

const note = {
  description: 'Writes a line into a file; waits for ever after one that is to be waited for.',
  input: z.object({ file: z.string(), line: z.string(), waitIn: z.number().optional() }),
  run: async ({ file, line, waitIn }, { idempotencyKey }) => {
    await appendFile(file, `${line} ${idempotencyKey}\n`);
    // A tool that is run in the process of this number only.
    if (waitIn === Number(process.env.CONTINUO_DATABASE_POOL)) await new Promise(() => undefined);
    return `noted ${line}`;
  },
};

class Noter extends ContextAgentBaseService {
  context = 'You note things.';
  tools = { note: tool(note), sign: tool({ ...note, approve: 'always' }) };
}
A2AAgent({ type: 'test', name: 'noter', description: 'Notes things.' })(Noter);

class Clerk extends ContextAgentBaseService {
  context = 'You help.';
}
A2AAgent({ type: 'test', name: 'clerk', description: 'Helps, and remembers.', memory: true })(Clerk);

class Guide extends ContextAgentBaseService {
  context = 'You guide people.';
  tools = {
    look_up: tool({
      description: 'Looks up.',
      input: z.object({ what: z.string() }),
      run: ({ what }) => `all of ${what}`,
    }),
  };
}
A2AAgent({ type: 'test', name: 'guide', description: 'Guides people, with their own tools.', clientTools: true })(
  Guide,
);

await startServer({ agents: [Noter, Clerk, Guide] });
