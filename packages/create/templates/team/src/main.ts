/** The program: a server with the team, and the console at /console/. */
import { startServer } from '@continuo/server';
import { AccountantAgent } from './agents/accountant.agent.js';
import { GuideAgent } from './agents/guide.agent.js';
import { MeteorologistAgent } from './agents/meteorologist.agent.js';
import { PlannerAgent } from './agents/planner.agent.js';

await startServer({ agents: [PlannerAgent, GuideAgent, MeteorologistAgent, AccountantAgent], console: true });
