/** The program: a server with the agents of this project, and the console at /console/. */
import { startServer } from '@continuo/server';
import { GreeterAgent } from './agents/greeter.agent.js';

await startServer({ agents: [GreeterAgent], console: true });
