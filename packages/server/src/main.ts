/** The stand-alone server, as it is compiled, with agents of any package; `npm start` runs it bundled. */
import { runProgram } from './program.js';

await runProgram();
