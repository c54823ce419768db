/** The instance of the soak: the echo agent, and one that publishes as large a report as it is asked for. */
import { A2AAgent, A2AAgentBaseService, startServer } from '../dist/index.js';
import { EchoAgent } from '../dist/agents/builtin/echo-agent.js';

const CHUNK = 64 * 1024;

class ReportAgent extends A2AAgentBaseService {
  /** `{ bytes, whole }`: in one piece, or in chunks. */
  async execute(task) {
    const { bytes, whole } = task.data;
    const line = `${task.id} `;
    const text = (length) => line.repeat(Math.ceil(length / line.length)).slice(0, length);
    if (whole) {
      await task.artifact({ name: 'report', parts: [{ text: text(bytes) }] });
      return;
    }
    const report = task.stream({ name: 'report' });
    for (let left = bytes; left > 0; left -= CHUNK) await report.write(text(Math.min(CHUNK, left)));
    await report.end();
  }
}
A2AAgent({ type: 'soak', name: 'report', description: 'Publishes a large report.', skills: [] })(ReportAgent);

// Nobody outlives the run: its end of this pipe closes with it.
process.stdin.on('end', () => process.exit(1)).resume();

await startServer({ agents: [EchoAgent, ReportAgent] });
