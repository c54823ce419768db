/** The stand-alone server of this package's own modules, for agents of any package; `npm start` has one in fewer files. */
import { runProgram } from './program.js';

await runProgram();
