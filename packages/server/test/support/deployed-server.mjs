/** A stand-alone server with the agents of deployed-agents.mjs. */
import { startServer } from '../../dist/index.js';
import { agents } from './deployed-agents.mjs';

await startServer({ agents });
