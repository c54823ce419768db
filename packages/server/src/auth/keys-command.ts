/** `npm run keys`: makes, lists and revokes API keys, and replaces the signing key, beside a running server or without one. */
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { scopes } from '../platform/caller.js';
import { parsed, UsageError } from '../platform/command.js';
import { loadConfig } from '../platform/config.js';
import { withDatabase } from '../platform/command-database.js';
import { migrate } from '../platform/migrate.js';
import type { ApiKey } from './api-key.js';
import { ApiKeys } from './api-keys.js';
import { toKeyRequest } from './key-request.js';
import { rotateSigningKey } from './signing-keys.js';

const usage = `npm run keys -w @continuo/server -- create --owner <owner> [--scopes read,write] [--expires 90d]
                                           [--name <name>] [--agents type/name,…] [--tenant default]
npm run keys -w @continuo/server -- list [--tenant default]
npm run keys -w @continuo/server -- revoke <id> [--tenant default]
npm run keys -w @continuo/server -- rotate-signing-key [--withdraw]

Scopes: ${scopes.join(', ')}. Expires: a number with d or h; without it a key has no end.
Withdraw: what the signing keys before have signed verifies no more, at once; for one that got into wrong hands.`;

const options = {
  owner: { type: 'string' },
  name: { type: 'string' },
  tenant: { type: 'string', default: 'default' },
  scopes: { type: 'string', default: 'read,write' },
  agents: { type: 'string' },
  expires: { type: 'string' },
  withdraw: { type: 'boolean', default: false },
} as const;

function withKeys(work: (keys: ApiKeys) => Promise<void>): Promise<void> {
  return withDatabase(loadConfig(), async ({ url, database, log }) => {
    await migrate(url);
    await work(new ApiKeys(database, systemClock, log));
  });
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
    const request = toKeyRequest(values);
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
    print(`Key ${id} no longer works.`);
  } else if (command === 'rotate-signing-key') {
    await withDatabase(loadConfig(), async ({ url, database }) => {
      await migrate(url);
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
