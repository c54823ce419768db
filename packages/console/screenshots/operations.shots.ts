/** Pictures of webhooks, deliveries, settings and the sign-in, with their dialogs. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call, textAt } from '../../server/test/support/http-calls.js';
import { OddHost } from '../../server/test/support/odd-remote.js';
import { startIssuer } from '../../server/test/support/oidc-issuer.js';
import { startServer } from '../../server/test/support/server-process.js';
import { answer, startReceiver } from '../../server/test/support/webhook-receiver.js';
import { begin, reaches } from '../test/support/sample-data.js';
import { take } from './take.js';

test('a remote agent whose card has changed', async () => {
  const host = await OddHost.start();
  const { url } = await startServer();
  const skill = {
    id: 'forecast',
    name: 'Forecast',
    description: 'The weather of the next three days',
    tags: ['weather'],
  };
  const card = { name: 'Weather', version: '1.4.0', documentationUrl: 'https://docs.example/weather' };
  const { cardUrl } = host.remote('weather', { card: { ...card, skills: [skill] } });
  await call('POST', `${url}/external-agents`, { body: { name: 'weather', url: cardUrl } });
  const skills = [
    { ...skill, description: 'The weather of the next seven days, by the hour', tags: ['weather', 'climate'] },
    { id: 'alerts', name: 'Alerts', description: 'Warns of storms', tags: ['weather'] },
  ];
  host.remote('weather', { card: { ...card, version: '2.0.0', documentationUrl: undefined, skills } });
  await call('GET', `${url}/external-agents/weather/card`);
  const notice = (page: Page): Promise<void> => page.getByText('Agent card changed').waitFor();
  expect(await take(url, 'card-changed-list', '/agents', notice)).toEqual([]);
  expect(await take(url, 'card-changed-page', '/agents/external/weather', notice)).toEqual([]);
  expect(
    await take(url, 'card-changed-review', '/agents/external/weather', async (page) => {
      await page.getByRole('button', { name: 'Review changes' }).click();
      await page.getByRole('region', { name: 'version' }).waitFor();
    }),
  ).toEqual([]);
});

test('webhooks and deliveries', async () => {
  const receiver = await startReceiver();
  const { url } = await startServer({ env: { CONTINUO_WEBHOOK_RETRIES: '0.01,0.01' } });
  receiver.at('broken').always(answer(503, {}, 'The database is being migrated.'));
  const subscribe = async (name: string, more: object): Promise<string> =>
    textAt((await call('POST', `${url}/webhooks`, { body: { url: receiver.at(name).url, ...more } })).body, 'id');
  await subscribe('chat', { description: 'The team chat', states: ['COMPLETED', 'FAILED'] });
  const broken = await subscribe('broken', { description: 'Billing', agents: ['function/countdown'] });
  const paused = await subscribe('nightly/import?source=continuo', { kinds: ['task'] });
  await call('POST', `${url}/webhooks/${paused}:pause`);
  const task = await begin(url, 'function/countdown', { steps: 3, delayMs: 10 });
  for (let n = 1; n <= 4; n += 1) await begin(url, 'function/echo', `Message ${n}`);
  await reaches(url, task, 'COMPLETED');
  const menu = async (page: Page, item: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${receiver.at('chat').url}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  expect(await take(url, 'webhooks', '/webhooks', (page) => page.getByText('The team chat').waitFor())).toEqual([]);
  expect(
    await take(url, 'webhook-new', '/webhooks', (page) => page.getByRole('button', { name: 'New webhook' }).click()),
  ).toEqual([]);
  expect(
    await take(url, 'webhook-test', '/webhooks', async (page) => {
      await menu(page, 'Send a test event');
      await page.getByText('It works').waitFor();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'webhook-secret', '/webhooks', async (page) => {
      await menu(page, 'New secret');
      await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
      await page.locator('[data-secret]').waitFor();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'deliveries', `/webhooks/deliveries?endpoint=${broken}`, async (page) => {
      const failed = page.locator('[data-delivery]', { hasText: 'Failed' }).last();
      await failed.getByRole('button', { name: /^Attempts/ }).click();
      await page.getByText('Attempt 1').first().waitFor();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'webhook-verify', '/webhooks', async (page) => {
      await page
        .getByRole('button', { name: /^Actions for/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'Verify signatures' }).click();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'delivery-request', `/webhooks/deliveries?endpoint=${broken}`, async (page) => {
      await page
        .getByRole('button', { name: /^Attempts/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Show request' }).click();
      await page.getByText('webhook-signature', { exact: true }).waitFor();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'deliveries-again', '/webhooks/deliveries', (page) =>
      page.getByRole('button', { name: 'Resend failed…' }).click(),
    ),
  ).toEqual([]);
  expect(
    await take(url, 'task-deliveries', `/tasks/${task}?view=deliveries`, (page) =>
      page.getByText('Failed').first().waitFor(),
    ),
  ).toEqual([]);
  expect(
    await take(url, 'settings-local', '/settings', (page) => page.getByText('without authentication').waitFor()),
  ).toEqual([]);
});

test('settings and sign-in', async () => {
  const issuer = await startIssuer();
  const { url } = await startServer({
    env: {
      CONTINUO_AUTH: 'keys,jwt',
      CONTINUO_JWT_ISSUER: issuer.url,
      CONTINUO_JWT_AUDIENCE: 'continuo',
      CONTINUO_CONSOLE_CLIENT_ID: 'console',
    },
  });
  const token = await issuer.token({ sub: 'ada@example.com', scope: 'read write admin' });
  const headers = { authorization: `Bearer ${token}` };
  const make = (body: object) => call('POST', `${url}/keys`, { headers, body });
  await make({ owner: 'ada@example.com', name: 'The laptop', scopes: ['read', 'write'] });
  const robot = { owner: 'robot', scopes: ['write'], agents: ['function/echo'], expiresAt: '2030-01-01T00:00:00Z' };
  const made = await make(robot);
  await make({ ...robot, name: 'The build server' });
  await call('DELETE', `${url}/keys/${textAt(made.body, 'id')}`, { headers });
  const signIn = async (page: Page): Promise<void> => {
    await page.getByLabel('API key or token').fill(token);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The build server').waitFor();
  };
  expect(
    await take(url, 'sign-in', '/tasks', (page) => page.getByText('You come back to this page').waitFor(), true),
  ).toEqual([]);
  expect(await take(url, 'settings', '/settings', signIn, true)).toEqual([]);
  const makeKey = async (page: Page): Promise<void> => {
    await signIn(page);
    await page.getByRole('button', { name: 'New key' }).click();
  };
  expect(await take(url, 'settings-new-key', '/settings', makeKey, true)).toEqual([]);
});
