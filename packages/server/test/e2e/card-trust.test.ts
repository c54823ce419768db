/** External agents whose cards must be signed: by keys of their own origin, or by some that the operator trusts; else they aren't called. */
import { AgentCard } from '@a2a-js/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { startCardHost, type CardHost } from '../support/signed-card-host.js';
import { until } from '../support/until.js';

/** The agents are those of a Continuo: its own signatures are verified by Continuo, too. */
let remote: ServerProcess;
let hosts: Readonly<Record<string, CardHost>>;
let strict: ServerProcess;
let lenient: ServerProcess;

const told = async (server: ServerProcess, name: string) => {
  const body = { message: 'hello', wait: true };
  const task = (await call('POST', `${server.url}/agents/external/${name}/tasks`, { body })).body;
  return `${textAt(task, 'status', 'state').replace('TASK_STATE_', '')}: ${JSON.stringify([at(task, 'status', 'message'), at(task, 'artifacts')])}`;
};

beforeAll(async () => {
  const names = ['own', 'trusted', 'stranger', 'changed', 'unsigned', 'redirected', 'sdk', 'away'] as const;
  hosts = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await startCardHost()] as const)));
  remote = await startServer({ env: { DATABASE_URL: (await createTestDatabase()).url } });
  const { body } = await call('GET', `${remote.url}/agents/function/echo/.well-known/agent-card.json`);
  const { signatures: _, ...card } = body as { readonly signatures: unknown };
  const { own, trusted, stranger, changed, unsigned, redirected, sdk, away } = hosts;
  await own?.serve(card, { jku: `${own.url}/keys.json` });
  await trusted?.serve(card);
  // What a server on the SDK has in memory is signed without its security schemes, and sent with them.
  const inMemory = AgentCard.fromJSON({
    ...card,
    securitySchemes: { key: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
  });
  await sdk?.serve(inMemory, {
    jku: `${sdk.url}/keys.json`,
    change: (signed) => AgentCard.toJSON(signed as AgentCard),
  });
  // The key that has signed it lies on another origin, which nobody trusts.
  await stranger?.serve(card, { jku: `${stranger.url.replace('127.0.0.1', 'localhost')}/keys.json` });
  await changed?.serve(card, {
    jku: `${changed.url}/keys.json`,
    change: (signed) => ({ ...signed, description: 'Better than before.' }),
  });
  // There are no keys at that address.
  await away?.serve(card, { jku: `${away.url}/elsewhere.json` });
  await unsigned?.serve(card, { change: () => card });
  // Fields that nobody has signed lead elsewhere.
  await redirected?.serve(card, {
    jku: `${redirected.url}/keys.json`,
    change: (signed) => ({
      ...signed,
      url: 'http://127.0.0.1:9/',
      preferredTransport: 'JSONRPC',
      protocolVersion: '0.3.0',
    }),
  });
  const cards = [
    ...names.map((name) => ({ name, card: hosts[name]?.cardUrl, ...(name === 'away' && { patienceMs: 500 }) })),
    { name: 'continuo', card: `${remote.url}/.well-known/agent-card.json` },
  ];
  const env = {
    CONTINUO_EXTERNAL_AGENTS: JSON.stringify(cards),
    CONTINUO_CARD_KEYS: JSON.stringify({ keys: [trusted?.jwk] }),
  };
  strict = await startServer({
    env: { ...env, DATABASE_URL: (await createTestDatabase()).url, CONTINUO_CARD_SIGNATURES: 'require' },
  });
  lenient = await startServer({
    env: {
      ...env,
      DATABASE_URL: (await createTestDatabase()).url,
      CONTINUO_CARD_SIGNATURES: 'warn',
      CONTINUO_CARD_KEYS: `${trusted?.url}/keys.json`,
    },
  });
});

describe('where a signature is required', () => {
  it.each(['own', 'trusted', 'redirected', 'sdk', 'continuo'])('%s is called', async (name) => {
    expect(await told(strict, name)).toMatch(/^COMPLETED.*hello/);
  });

  it.each([
    ['stranger', 'no key that is trusted'],
    ['changed', 'no key that is trusted'],
    ['unsigned', 'its card is not signed'],
  ])('%s is not called: %s', async (name, reason) => {
    const answer = await told(strict, name);
    expect(answer).toMatch(/^FAILED/);
    expect(answer).toContain(`The remote agent is not called: ${reason}`);
  });
});

it('an agent whose keys cannot be had counts as away: it may come back', async () => {
  const answer = await told(strict, 'away');
  expect(answer).toMatch(/^FAILED.*could not be reached for .*the keys that verify its card can't be had/);
});

it('where it is only looked at, all are called, and the log says what is wrong', async () => {
  for (const name of ['own', 'unsigned', 'changed']) expect(await told(lenient, name)).toMatch(/^COMPLETED/);
  const lines = () =>
    lenient
      .output()
      .split('\n')
      .filter((line) => line.includes('not signed by anybody who is trusted'));
  const saysOf = (name: string) => lines().filter((line) => line.includes(hosts[name]?.cardUrl ?? '-')).length;
  await until(() => saysOf('unsigned') > 0 && saysOf('changed') > 0, {
    what: 'the log to say which cards are not signed',
  });
  expect([saysOf('own'), saysOf('unsigned'), saysOf('trusted')]).toEqual([0, 1, 0]);
});
