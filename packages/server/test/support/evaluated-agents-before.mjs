/** The agents of evaluated-agents.mjs as they were in an earlier version. */
import { agent } from './test-agent.mjs';

export const agents = [agent('capitals', () => Promise.resolve('no idea'), { version: '0.9.0' })];
