/** Other makers' clients and servers against the built server: `docs/compatibility.md` is made from what comes out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { clients, quietly } from '../../../../compatibility/src/clients.mjs';
import {
  scenarios,
  tableOf,
  unexplained,
  type Kind,
  type Party,
  type World,
} from '../../../../compatibility/src/table.mjs';
import { createTestDatabase } from '../support/database.js';
import { doorScenarios, doorsSay } from '../support/door-clients/door-client.js';
import { doorClients } from '../support/door-clients/door-clients.js';
import { partyOf, startRemotes } from '../support/remote-servers.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { startReceiver } from '../support/webhook-receiver.js';

const page = new URL('../../../../docs/compatibility.md', import.meta.url).pathname;
const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let kinds: readonly Kind[];
let world: World;

beforeAll(async () => {
  const [{ url: databaseUrl }, receiver, remotes] = await Promise.all([
    createTestDatabase(),
    startReceiver(),
    startRemotes(),
  ]);
  const external = remotes.map(({ name, card }) => ({ name, card }));
  const [{ url }, { url: other }] = await Promise.all([
    startServer({
      entry,
      env: {
        DATABASE_URL: databaseUrl,
        CONTINUO_GRPC_PORT: '0',
        CONTINUO_EXTERNAL_AGENTS: JSON.stringify(external),
      },
    }),
    startServer({ entry, env: { DATABASE_URL: databaseUrl } }),
  ]);
  const hook = receiver.at('push');
  world = {
    echo: `${url}/agents/function/echo`,
    countdown: `${url}/agents/function/countdown`,
    asking: `${url}/agents/test/asks-twice`,
    streaming: `${url}/agents/test/tells`,
    failing: `${url}/agents/test/throws-at-once`,
    broken: `${url}/agents/no/body`,
    hook: {
      url: hook.url,
      heardOf: (id) => until(() => hook.received.some(({ raw }) => raw.includes(id)), { what: `a push for ${id}` }),
    },
  };
  kinds = [
    { heading: 'Clients of Continuo', columns: scenarios, parties: clients },
    {
      heading: 'Clients of other protocols',
      columns: doorScenarios,
      says: doorsSay,
      parties: await doorClients({ url, other }),
    },
    {
      heading: 'Servers that Continuo calls',
      columns: scenarios,
      parties: remotes.map((remote) => partyOf(url, remote)),
    },
  ];
});

async function failuresOf(kind: Kind, party: Party<string>): Promise<Partial<Record<string, string>>> {
  const failures: Partial<Record<string, string>> = {};
  for (const scenario of kind.columns) {
    try {
      await quietly(async () => party.scenarios[scenario]?.(world));
    } catch (error) {
      failures[scenario] = String(error);
    }
  }
  return failures;
}

describe('other makers', () => {
  it('get along with Continuo as docs/compatibility.md says', async () => {
    const failures = new Map<string, Partial<Record<string, string>>>();
    for (const kind of kinds) {
      for (const party of kind.parties) failures.set(party.name, await failuresOf(kind, party));
    }
    expect(unexplained(kinds, failures)).toEqual([]);
    await expect(tableOf(kinds, failures)).toMatchFileSnapshot(page);
  });
});
