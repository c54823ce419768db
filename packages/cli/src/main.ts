/** The command `continuo`: reads its command line, does what it says, and ends with an exit code that scripts can go by. */
import { failureOf, print } from './terminal/failure.js';
import { terminalOf, write } from './terminal/terminal.js';
import { createProgram } from './program.js';

process.setSourceMapsEnabled(true);
// Whoever reads our output may stop reading, as `| head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const terminal = terminalOf(process.env);
const program = createProgram(terminal);
let goesOn = false;
try {
  await program.parseAsync();
  // What was started goes on.
  goesOn = program.args[0] === 'start';
} catch (error) {
  const { code, lines } = failureOf(error);
  await print(lines, terminal);
  process.exitCode = code;
}
if (!goesOn) {
  await write(process.stdout, '');
  // What the program at hand has opened may keep a process alive that is done.
  process.exit();
}
