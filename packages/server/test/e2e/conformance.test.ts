/** What A2A 1.0.1 requires, tried on the built server and on the official SDK's: `docs/conformance.md` is made from the results. */
import { beforeAll, expect, it } from 'vitest';
import { quietly } from '../../../../compatibility/src/clients.mjs';
import {
  checkConformance,
  requirements,
  type Behaviour,
  type Report,
  type Result,
} from '../../../../compatibility/src/conformance/check-conformance.mjs';
import { count, pageOf } from '../../../../compatibility/src/conformance/page.mjs';
import { startSdkServer } from '../../../../compatibility/src/conformance/sdk-server.mjs';
import { createTestDatabase } from '../support/database.js';
import { newKey } from '../support/keys-command.js';
import { afterThisTest } from '../support/outcome.js';
import { startServer } from '../support/server-process.js';

const page = new URL('../../../../docs/conformance.md', import.meta.url).pathname;
const entry = new URL('../support/conformance-server.mjs', import.meta.url).pathname;
const behaviours: readonly Behaviour[] = [
  'waits',
  'asks',
  'authorizes',
  'chunks',
  'fails',
  'rejects',
  'replies',
  'tailors',
  'silent',
  'requires',
];
let continuo: Report;
let sdk: Report;

beforeAll(async () => {
  // A database each: with authentication receivers on loopback are never called, by any instance.
  const [{ url: databaseUrl }, { url: guardedDatabase }] = [await createTestDatabase(), await createTestDatabase()];
  const env = { DATABASE_URL: databaseUrl, CONTINUO_GRPC_PORT: '0' };
  const [open, guarded] = [
    await startServer({ entry, env }),
    await startServer({ entry, env: { ...env, DATABASE_URL: guardedDatabase, CONTINUO_AUTH: 'keys' } }),
  ];
  const cardOf = (url: string, agent: string): string => `${url}/agents/${agent}/.well-known/agent-card.json`;
  const bearer = async (owner: string) => ({
    authorization: `Bearer ${await newKey(guardedDatabase, '--owner', owner)}`,
  });
  const agents = Object.fromEntries(behaviours.map((name) => [name, { card: cardOf(open.url, `test/${name}`) }]));
  const guards = {
    card: cardOf(guarded.url, 'function/echo'),
    headers: await bearer('ada'),
    stranger: await bearer('bob'),
  };
  const target = { card: cardOf(open.url, 'function/echo'), agents: { ...agents, guards } };
  continuo = await quietly(() => checkConformance(target));
  const other = await startSdkServer();
  afterThisTest(other.stop);
  sdk = await quietly(() => checkConformance(other.target));
}, 600_000);

const broken = ({ results }: Report): readonly string[] =>
  results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ section, says, binding, reason }: Result) => `${section} ${says} ${binding}: ${reason}`);

it('Continuo keeps all that A2A requires, over all bindings', () => {
  expect(requirements.length).toBeGreaterThan(80);
  expect(broken(continuo)).toEqual([]);
});

it("keeps more of it than the official SDK's own server", () => {
  expect(count(continuo).kept).toBeGreaterThan(count(sdk).kept);
});

it('says so in docs/conformance.md', async () => {
  await expect(pageOf(continuo, sdk)).toMatchFileSnapshot(page);
});
