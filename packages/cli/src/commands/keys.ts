/** What `continuo keys` does. */
import {
  ApiKeys,
  loadConfig,
  migrate,
  rotateSigningKey,
  systemClock,
  toKeyRequest,
  withDatabase,
  type ApiKey,
} from '@continuo/server/commands';
import { allPages } from '../remote/all-pages.js';
import { serverOf, urlGiven, type Server } from '../remote/server.js';
import { CommandFailedError } from '../terminal/failure.js';
import { messageOf } from '../terminal/message-of.js';
import { note, output } from '../terminal/output.js';
import { table } from '../terminal/table.js';
import { write, type Terminal } from '../terminal/terminal.js';
import { ago } from '../terminal/times.js';
import type { RemoteOptions } from './server-command.js';

interface KeyOptions extends RemoteOptions {
  readonly tenant?: string;
}

type NewKey = ApiKey & { readonly key?: string };

const MOST_KEYS = 10_000;

export async function createKey(
  options: KeyOptions & {
    readonly owner: string;
    readonly name?: string;
    readonly scopes: string;
    readonly agents?: string;
    readonly expires?: string;
  },
  terminal: Terminal,
): Promise<void> {
  const server = namedServer(options, terminal);
  const request = asked(() => toKeyRequest({ ...options, tenant: tenantOf(options) }));
  // A server makes keys of its caller's tenant.
  const { tenant: _, ...body } = request;
  const made = server
    ? await server.call('createKey', {
        body: { ...body, agents: body.agents, expiresAt: body.expiresAt?.toISOString() },
      })
    : await withKeys(terminal, (keys): Promise<NewKey> => keys.create(request));
  if (options.json === true) {
    await output(terminal, options, made, () => '');
    return;
  }
  await note(terminal, `${keyTable([made], terminal)}\n\nThe key, which is shown this once:`);
  await write(terminal.stdout, `${made.key ?? ''}\n`);
}

export async function listKeys(options: KeyOptions, terminal: Terminal): Promise<void> {
  const server = namedServer(options, terminal);
  const keys = server
    ? await remoteKeys(server)
    : await withKeys(terminal, async (all) => {
        const found: ApiKey[] = [];
        let token = '';
        do {
          const page = await all.list(tenantOf(options), { size: 100, token });
          found.push(...page.keys);
          token = page.nextPageToken;
        } while (token !== '');
        return found;
      });
  await output(terminal, options, { keys }, () => (keys.length === 0 ? 'No keys.' : keyTable(keys, terminal)));
}

export async function revokeKey(id: string, options: KeyOptions, terminal: Terminal): Promise<void> {
  const server = namedServer(options, terminal);
  if (server) await server.call('revokeKey', { path: { id } });
  else await withKeys(terminal, (keys) => keys.revoke(tenantOf(options), id));
  await output(terminal, options, { revoked: id }, () => `Key ${id} no longer works.`);
}

export async function rotateSigning(
  options: { readonly withdraw?: boolean; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const made = await withDatabase(loadConfig(terminal.env), async ({ url, database }) => {
    await migrate(url);
    return rotateSigningKey(database, systemClock, { withdraw: options.withdraw ?? false });
  });
  await output(terminal, options, made, ({ kid, signsAt }) => `Key ${kid} signs from ${signsAt.toISOString()} on.`);
}

function remoteKeys(server: Server): Promise<readonly ApiKey[]> {
  return allPages<'keys', ApiKey>('keys', MOST_KEYS, (page) => server.call('listKeys', { query: page }));
}

/** Undefined: the database at hand is meant. Throws CommandFailedError for a tenant that a server would not go by. */
function namedServer(options: KeyOptions, { env }: Terminal): Server | undefined {
  if (urlGiven(options, env) === undefined) return undefined;
  if (options.tenant !== undefined) {
    throw new CommandFailedError(
      "--tenant is for keys in the database; a server has those of its caller's tenant. Leave it out, or leave out --url and CONTINUO_URL.",
    );
  }
  return serverOf(options, env);
}

function tenantOf({ tenant = 'default' }: KeyOptions): string {
  return tenant;
}

function withKeys<Result>({ env }: Terminal, work: (keys: ApiKeys) => Promise<Result>): Promise<Result> {
  return withDatabase(loadConfig(env), async ({ url, database, log }) => {
    await migrate(url);
    return work(new ApiKeys(database, systemClock, log));
  });
}

function asked<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new CommandFailedError(messageOf(error));
  }
}

function keyTable(keys: readonly ApiKey[], terminal: Terminal): string {
  const { dim, red } = terminal.colours;
  return table(
    keys,
    [
      { title: 'Key', cell: ({ id }) => id },
      { title: 'Begins', cell: ({ prefix }) => `${prefix}…`, paint: dim },
      { title: 'Owner', cell: ({ owner }) => owner },
      { title: 'Name', cell: ({ name }) => name, cut: true },
      { title: 'May', cell: ({ scopes }) => scopes.join(', ') },
      { title: 'Used', cell: ({ lastUsedAt }) => ago(lastUsedAt) || 'never', paint: dim },
      {
        title: 'Expires',
        cell: ({ revokedAt, expiresAt }) => (revokedAt === undefined ? ago(expiresAt) || 'never' : 'revoked'),
        paint: (text, { revokedAt }) => (revokedAt === undefined ? text : red(text)),
      },
    ],
    terminal,
  );
}
