/** What `npm start` runs, before it is bundled: the server with the packages of agents that this repository has. */
import { runProgram } from '../packages/server/dist/program.js';

await runProgram({ '@continuo/swarm': () => import('../packages/swarm/dist/index.js') });
