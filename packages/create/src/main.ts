/** The command `create-continuo`: reads its command line, does what it says, and ends with an exit code that scripts can go by. */
import { readCommandLine, usage } from './command-line.js';
import { create } from './create.js';
import { CreateFailedError } from './create-failed.js';
import { ownVersion } from './own-package.js';
import { terminalOf } from './terminal.js';

const terminal = terminalOf(process);
try {
  const wishes = readCommandLine(process.argv.slice(2));
  if (wishes.help) terminal.say(usage());
  else if (wishes.version) terminal.say(ownVersion());
  else await create(wishes, terminal);
} catch (error) {
  if (!(error instanceof CreateFailedError)) throw error;
  terminal.complain(error.message);
  process.exitCode = 1;
}
