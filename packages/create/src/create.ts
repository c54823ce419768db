/** From what is wanted to a project: asks what wasn't said, writes the files, installs, and makes the first commit. */
import { spinner } from '@clack/prompts';
import type { Wishes } from './command-line.js';
import { CreateFailedError } from './create-failed.js';
import { ensureEmpty, makeDirectory } from './empty-directory.js';
import { whatNext } from './next-steps.js';
import { ownVersion, templatesDirectory } from './own-package.js';
import { placeOf } from './project-name.js';
import { askDirectory, askTemplate, DEFAULT_DIRECTORY, greet } from './questions.js';
import { commitProject, type Committed } from './repository.js';
import { runProgram } from './run-program.js';
import { defaultTemplate, templateNamed } from './templates.js';
import type { Terminal } from './terminal.js';
import { writeProject } from './write-project.js';

/**
 * Makes the project, and says what next.
 *
 * @throws CreateFailedError: nothing was written, unless the message says that the project is there.
 */
export async function create(wishes: Wishes, terminal: Terminal): Promise<void> {
  const asks = terminal.isInteractive && !wishes.yes;
  // What was said is refused before anything is asked.
  if (wishes.template !== undefined) templateNamed(wishes.template);
  if (wishes.directory !== undefined) await ensureEmpty(placeOf(wishes.directory, terminal.directory).directory);
  if (asks) greet(terminal);
  const given = wishes.directory ?? (asks ? await askDirectory(terminal) : DEFAULT_DIRECTORY);
  const place = placeOf(given, terminal.directory);
  await ensureEmpty(place.directory);
  const template = templateNamed(wishes.template ?? (asks ? await askTemplate(terminal) : defaultTemplate.id));

  await makeDirectory(place.directory);
  await writeProject(place, { template, from: templatesDirectory, version: ownVersion() });
  terminal.say(`Made ${terminal.bold(place.name)} of the template ${template.id}, in ${place.directory}`);
  const installed = wishes.install ? await install(place.directory, terminal) : true;
  if (wishes.git) tellCommitted(await commitProject(place.directory), terminal);
  if (!installed) {
    throw new CreateFailedError(`The project is there, but npm install failed. Run it again in ${place.directory}.`);
  }
  terminal.say(whatNext({ place, template, terminal, isInstalled: wishes.install }));
}

/** False when npm failed, which has said why. */
async function install(directory: string, terminal: Terminal): Promise<boolean> {
  const told = terminal.isInteractive ? spinner({ output: terminal.output }) : undefined;
  if (told === undefined) terminal.say('Running npm install …');
  else told.start('Running npm install');
  const { code, output } = await runProgram('npm', ['install', '--no-audit', '--no-fund'], directory);
  const text = output.trim();
  if (told === undefined) terminal.say(text);
  else if (code === 0) told.stop(text.split('\n').at(-1));
  else told.error('npm install failed');
  if (code !== 0 && told !== undefined) terminal.complain(text);
  return code === 0;
}

function tellCommitted(committed: Committed, terminal: Terminal): void {
  if (committed.kind === 'committed') terminal.say('Made a git repository with a first commit.');
  else if (committed.kind === 'within') terminal.say(`Left git alone: ${committed.repository} holds the project.`);
  else if (committed.kind === 'failed') terminal.complain(`Made no commit: ${committed.reason}`);
}
