/** `npm run keys`: makes, lists and revokes API keys, and replaces the signing key, beside a running server or without one. */
import { scopes } from '../platform/caller.js';
import { systemClock } from '../platform/clock.js';
import { parsed, UsageError } from '../platform/command.js';
import { loadConfig } from '../platform/config.js';
import { Database } from '../platform/database.js';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/start.js';
import { messageOf } from '../platform/errors.js';
import { createLog, type Log } from '../platform/log.js';
import { migrate } from '../platform/migrate.js';
import type { ApiKey } from './api-key.js';
import { ApiKeys, type KeyRequest } from './api-keys.js';
import { rotateSigningKey } from './signing-keys.js';

const usage = `npm run keys -w @continuo/server -- create --owner <owner> [--scopes read,write] [--expires 90d]
                                           [--name <name>] [--agents type/name,…] [--tenant default]
npm run keys -w @continuo/server -- list [--tenant default]
npm run keys -w @continuo/server -- revoke <id> [--tenant default]
npm run keys -w @continuo/server -- rotate-signing-key [--withdraw]

Scopes: ${scopes.join(', ')}. Expires: a number with d or h; without it a key has no end.
Withdraw: what the signing keys before have signed verifies no more, at once; for one that got into wrong hands.`;

const HOUR_MS = 3_600_000;
const options = {
  owner: { type: 'string' },
  name: { type: 'string' },
  tenant: { type: 'string', default: 'default' },
  scopes: { type: 'string', default: 'read,write' },
  agents: { type: 'string' },
  expires: { type: 'string' },
  withdraw: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parsed<{ options: typeof options }>>['values'];

function toRequest({ owner, name, tenant, scopes: wanted, agents, expires }: Values): KeyRequest {
  if (owner === undefined || owner === '') throw new UsageError('create needs --owner.');
  const named = wanted.split(',');
  const granted = scopes.filter((scope) => named.includes(scope));
  if (granted.length !== named.length) throw new UsageError(`--scopes takes some of ${scopes.join(', ')}.`);
  return {
    owner,
    name: name ?? owner,
    tenant,
    scopes: granted,
    agents: agents?.split(','),
    expiresAt: expires === undefined ? undefined : expiry(expires),
  };
}

function expiry(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(text) ?? [];
  if (count === undefined) throw new UsageError('--expires takes a number of days or hours: 90d, 12h.');
  return new Date(systemClock.now().getTime() + Number(count) * HOUR_MS * (unit === 'd' ? 24 : 1));
}

function withKeys(work: (keys: ApiKeys) => Promise<void>): Promise<void> {
  return withDatabase((database, log) => work(new ApiKeys(database, systemClock, log)));
}

async function withDatabase(work: (database: Database, log: Log) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const log = createLog('error');
  const own =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
  const url = own?.url ?? config.databaseUrl ?? '';
  const database = new Database(url, { poolSize: 2, log });
  try {
    await migrate(url);
    await work(database, log);
  } finally {
    await database.close();
    await own?.stop();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function toLine({ id, prefix, owner, name, scopes: granted, expiresAt, lastUsedAt, revokedAt }: ApiKey): string {
  const used = lastUsedAt === undefined ? 'never used' : `used ${lastUsedAt}`;
  const end =
    revokedAt === undefined ? (expiresAt === undefined ? 'no end' : `until ${expiresAt}`) : `revoked ${revokedAt}`;
  return [id, `${prefix}…`, owner, name, granted.join(','), used, end].join('\t');
}

async function run(): Promise<void> {
  const { values, positionals } = parsed({ options, allowPositionals: true });
  const [command, id] = positionals;
  if (command === 'create') {
    const request = toRequest(values);
    await withKeys(async (keys) => {
      const { key = '', ...made } = await keys.create(request);
      process.stderr.write(`${toLine(made)}\nThe key, which is shown this once:\n`);
      print(key);
    });
  } else if (command === 'list') {
    await withKeys(async (keys) => {
      let token = '';
      do {
        const page = await keys.list(values.tenant, { size: 100, token });
        for (const key of page.keys) print(toLine(key));
        token = page.nextPageToken;
      } while (token !== '');
    });
  } else if (command === 'revoke' && id !== undefined) {
    await withKeys((keys) => keys.revoke(values.tenant, id));
    print(`Key ${id} opens nothing any more.`);
  } else if (command === 'rotate-signing-key') {
    await withDatabase(async (database) => {
      const { kid, signsAt } = await rotateSigningKey(database, systemClock, values);
      print(`Key ${kid} signs from ${signsAt.toISOString()} on.`);
    });
  } else {
    throw new UsageError('Which command?');
  }
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n${error instanceof UsageError ? `\n${usage}\n` : ''}`);
  process.exitCode = 1;
}
