/** A stand-alone server with the agents of edited-agents.mjs, with the code of AGENTS_VERSION: `old` or `new`. */
import { startServer } from '../../dist/index.js';
import { editedAgents } from './edited-agents.mjs';

await startServer({ agents: editedAgents(process.env.AGENTS_VERSION) });
