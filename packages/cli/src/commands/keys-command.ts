/** `continuo keys`: makes, lists and revokes API keys, in the database at hand or at a server. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, serverCommand } from './server-command.js';

const WHERE = `
With --url or CONTINUO_URL the server is asked, by an admin's key. Without them it is done in the database itself
(DATABASE_URL, or the PostgreSQL of CONTINUO_DATA_DIR): so the first key is made.`;

export function keyCommands(terminal: Terminal): Command {
  const keys = new Command('keys').description('Create, list, revoke API keys').addHelpText('after', WHERE);
  const load = () => import('./keys.js');
  const keyCommand = (name: string, description: string): Command =>
    serverCommand(name, description).option('--tenant <tenant>', 'whose keys, in the database (default: "default")');
  keys.addCommand(
    keyCommand('create', 'Make a key, and print it this once')
      .requiredOption('--owner <owner>', 'for whom it is')
      .option('--name <name>', 'what it is called (default: as its owner)')
      .option('--scopes <scopes>', 'what it may do: read, write, admin', 'read,write')
      .option('--agents <agents>', 'only these agents: type/name, separated by commas')
      .option('--expires <time>', 'after so many days or hours: 90d, 12h (default: never)')
      .addHelpText('after', WHERE)
      .action(async (options) => (await load()).createKey(options, terminal)),
  );
  addList(
    keys,
    keyCommand('list', 'List the keys; what they open with is not kept').action(async (options) =>
      (await load()).listKeys(options, terminal),
    ),
  );
  keys.addCommand(
    keyCommand('revoke', 'Take a key back: it stops working immediately')
      .argument('<id>', 'the key')
      .action(async (id: string, options) => (await load()).revokeKey(id, options, terminal)),
  );
  keys.addCommand(
    new Command('rotate-signing-key')
      .description('Replace the key that cards and webhooks are signed with, in the database')
      .option('--withdraw', 'what the keys before have signed verifies no more, at once')
      .option('--json', 'write JSON, for programs')
      .action(async (options) => (await load()).rotateSigning(options, terminal)),
  );
  return keys;
}
