/** What `continuo webhooks` does. */
import type { CreateWebhookBody, Given } from '@continuo/client';
import { allPages } from '../remote/all-pages.js';
import { serverOf } from '../remote/server.js';
import { webhooksOf } from '../remote/webhooks.js';
import { note, output } from '../terminal/output.js';
import { confirmed } from '../terminal/prompt.js';
import { oneLine } from '../terminal/printable.js';
import { table } from '../terminal/table.js';
import { write, type Terminal } from '../terminal/terminal.js';
import { ago } from '../terminal/times.js';
import type { RemoteOptions } from './server-command.js';

export async function listWebhooks(options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const webhooks = await webhooksOf(server);
  const { green, red } = terminal.colours;
  await output(terminal, options, { webhooks }, () => {
    if (webhooks.length === 0) return 'No webhooks.';
    return table(
      webhooks,
      [
        { title: 'Webhook', cell: ({ id }) => id },
        { title: 'State', cell: ({ state }) => state, paint: (text) => (text === 'active' ? green(text) : red(text)) },
        { title: 'Agents', cell: ({ agents }) => agents?.join(', ') ?? 'all' },
        {
          title: 'States',
          cell: ({ states }) =>
            states?.map((state) => state.replace('TASK_STATE_', '').toLowerCase()).join(', ') ?? 'all',
        },
        {
          title: 'Address',
          cell: ({ url, description }) => `${url}${description === null ? '' : ` (${description})`}`,
          cut: true,
        },
      ],
      terminal,
    );
  });
}

export async function addWebhook(
  address: string,
  options: RemoteOptions & {
    readonly agents?: readonly string[];
    readonly states?: readonly string[];
    readonly kinds?: readonly string[];
    readonly description?: string;
  },
  terminal: Terminal,
): Promise<void> {
  const { agents, states, kinds, description } = options;
  // The server says which states and kinds there are.
  const body = { url: address, agents, states: states?.map((state) => state.toUpperCase()), kinds, description };
  const made = await serverOf(options, terminal.env).call('createWebhook', { body: body as CreateWebhookBody });
  if (options.json === true) {
    await output(terminal, options, made, () => '');
    return;
  }
  await note(terminal, `Webhook ${made.id} is added. The secret, which is shown this once:`);
  await write(terminal.stdout, `${made.secret}\n`);
}

export async function testWebhook(id: string, options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const result = await server.call('testWebhook', { path: { id } });
  const { green, red } = terminal.colours;
  await output(terminal, options, result, ({ ok, status, latencyMs, error }) =>
    ok
      ? `${green('✓')} It was accepted (${status}) after ${latencyMs} ms.`
      : `${red('✗')} It was not accepted${status === null ? '' : ` (${status})`}: ${error ?? 'see the receiver'}`,
  );
  process.exitCode = result.ok ? 0 : 1;
}

export async function listDeliveries(
  options: RemoteOptions & {
    readonly webhook?: string;
    readonly task?: string;
    readonly status?: string;
    readonly limit: number;
  },
  terminal: Terminal,
): Promise<void> {
  const { webhook: endpoint, task: taskId, status, limit } = options;
  const server = serverOf(options, terminal.env);
  const filters = { endpoint, taskId, status } as Given<'listDeliveries'>['query'];
  const deliveries = await allPages('deliveries', limit, (page) =>
    server.call('listDeliveries', { query: { ...filters, ...page } }),
  );
  const { green, red, dim } = terminal.colours;
  await output(terminal, options, { deliveries }, () => {
    if (deliveries.length === 0) return 'No deliveries.';
    return table(
      deliveries,
      [
        { title: 'Delivery', cell: ({ id }) => id },
        {
          title: 'Status',
          cell: (delivery) => delivery.status,
          paint: (text) => (text === 'delivered' ? green(text) : text === 'dead' ? red(text) : text),
        },
        { title: 'Attempts', cell: ({ attemptCount }) => String(attemptCount), right: true },
        { title: 'Task', cell: ({ taskId: id }) => id },
        { title: 'Made', cell: ({ createdAt }) => ago(createdAt), paint: dim },
        {
          title: 'Last answer',
          cell: ({ lastAttempt }) => oneLine(lastAttempt?.error ?? String(lastAttempt?.status ?? '')),
          cut: true,
        },
      ],
      terminal,
    );
  });
}

export async function deleteWebhook(
  id: string,
  options: RemoteOptions & { readonly yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const { url } = await server.call('getWebhook', { path: { id } });
  await confirmed(`Delete the webhook to ${url} with its deliveries?`, options, terminal);
  await server.call('deleteWebhook', { path: { id } });
  await output(terminal, options, { deleted: id }, () => `Webhook ${id} is deleted.`);
}
