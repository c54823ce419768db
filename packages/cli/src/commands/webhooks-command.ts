/** `continuo webhooks`: adds, lists, tests and deletes subscriptions, and shows what was delivered. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, count, listed, serverCommand } from './server-command.js';

export function webhookCommands(terminal: Terminal): Command {
  const webhooks = new Command('webhooks').description('Add, list, test, delete webhooks; see their deliveries');
  const load = () => import('./webhooks.js');
  addList(
    webhooks,
    serverCommand('list', 'List webhooks').action(async (options) => (await load()).listWebhooks(options, terminal)),
  );
  webhooks.addCommand(
    serverCommand('add', 'Have events of tasks sent to an address; prints the secret that signs them, this once')
      .argument('<address>', 'where they are sent to')
      .option('--agents <agents>', 'only of these agents: type/name, separated by commas', listed)
      .option(
        '--states <states>',
        'only when a task gets into one of these: COMPLETED, FAILED, INPUT_REQUIRED, HELD …',
        listed,
      )
      .option('--kinds <kinds>', 'task, statusUpdate, artifactUpdate', listed)
      .option('--description <text>', 'what it is for')
      .action(async (address: string, options) => (await load()).addWebhook(address, options, terminal)),
  );
  webhooks.addCommand(
    serverCommand('test', 'Send a test event now, and tell what came of it')
      .argument('<id>', 'the webhook')
      .action(async (id: string, options) => (await load()).testWebhook(id, options, terminal)),
  );
  webhooks.addCommand(
    serverCommand('deliveries', 'List what was, or is to be, delivered')
      .option('--webhook <id>', 'of this webhook')
      .option('--task <id>', 'of this task')
      .option('--status <status>', 'pending, delivered, dead or dropped')
      .option('--limit <deliveries>', 'at most so many', count, 20)
      .action(async (options) => (await load()).listDeliveries(options, terminal)),
  );
  webhooks.addCommand(
    serverCommand('delete', 'Delete a webhook with its deliveries')
      .argument('<id>', 'the webhook')
      .option('--yes', "don't ask")
      .action(async (id: string, options) => (await load()).deleteWebhook(id, options, terminal)),
  );
  return webhooks;
}
