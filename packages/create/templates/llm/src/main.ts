/** The program: a server with the agents of this project, and the console at /console/. */
import { startServer } from '@continuo/server';
import { SupportAgent } from './agents/support.agent.js';
import { Orders } from './orders.js';

// `providers`: what the agents inject.
await startServer({ agents: [SupportAgent], providers: [Orders], console: true });
