/** One instance of the run: the built server with its own agents and those of the run. */
import { startServer } from '../dist/index.js';
import { AssistantAgent } from '../dist/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../dist/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../dist/agents/builtin/echo-agent.js';
import { chaosAgents } from './agents.mjs';
import { agents as checkedAgents } from './checked-agents.mjs';

// Nobody outlives the run: its end of this pipe closes with it.
process.stdin.on('end', () => process.exit(1)).resume();

await startServer({ agents: [EchoAgent, CountdownAgent, AssistantAgent, ...chaosAgents, ...checkedAgents] });
