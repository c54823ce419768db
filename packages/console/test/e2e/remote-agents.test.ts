/** Connecting a remote agent in a real browser: checked, connected, talked to, disconnected. */
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call } from '../../../server/test/support/http-calls.js';
import { newKey } from '../../../server/test/support/keys-command.js';
import { startRemoteA2AAgent, type RemoteA2AAgent } from '../../../server/test/support/remote-a2a-agent.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes, signInWith } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

const SECRET = 'a-key-that-nobody-sees';
let server: ServerProcess;
let remote: RemoteA2AAgent;

beforeAll(async () => {
  server = await startConsoleServer();
  remote = await startRemoteA2AAgent();
});

test('an agent is checked, connected with a key, talked to, and disconnected', async () => {
  const { page, problems, close } = await openConsole(server.url, '/agents', { width: 1440 });
  await page.getByRole('button', { name: 'Connect an agent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect an agent' });
  await dialog.getByRole('button', { name: 'Check' }).click();
  await dialog.getByText('Enter a URL').waitFor();
  await dialog.getByLabel('URL').fill(`${server.url}/healthz`);
  await dialog.getByRole('button', { name: 'Check' }).click();
  await dialog.getByText('No agent found').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);

  await dialog.getByLabel('URL').fill(remote.cardUrl);
  await dialog.getByText('This agent needs a key').click();
  await dialog.getByLabel('Header').fill('x-test');
  await dialog.getByLabel('Key', { exact: true }).fill(SECRET);
  await page.keyboard.press('Enter');
  await dialog.getByText('This agent can be connected').waitFor();
  await dialog.getByText('JSONRPC, A2A 1.0').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('remote');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('helper');
  await page.keyboard.press('Enter');
  const connected = page.getByRole('dialog', { name: 'external/helper is connected' });
  await connected.waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await connected.getByRole('link', { name: 'Chat with external/helper' }).click();

  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('good morning');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('You said good morning.').waitFor();
  expect(remote.headers).toContain(SECRET);

  const asking = await begin(server.url, 'external/helper', 'ask');
  await reaches(server.url, asking, 'INPUT_REQUIRED');
  await page.getByRole('link', { name: 'Agents', exact: true }).first().click();
  const remotes = page.getByRole('region', { name: 'Remote agents' });
  await remotes.getByText('with a key (x-test)').waitFor();
  expect(await page.content()).not.toContain(SECRET);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await remotes.getByRole('button', { name: 'Disconnect external/helper' }).click();
  await page.getByRole('dialog').getByText('stops accepting messages').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await remotes.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'external/helper' }).waitFor({ state: 'detached' });

  await call('POST', `${server.url}/agents/external/helper/tasks`, {
    body: { message: { taskId: asking, parts: [{ text: 'blue' }] } },
  });
  await page.goto(`${server.url}/console/tasks/${asking}`);
  await page.getByRole('region', { name: /^Held/ }).getByText('external/helper was disconnected').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('on a phone all of it fits, in the dark as well', async () => {
  const url = remote.cardUrl;
  await call('POST', `${server.url}/external-agents`, { body: { name: 'pocket', url } });
  const narrow = { width: 390, height: 844, colourScheme: 'dark' } as const;
  const { page, problems, close } = await openConsole(server.url, '/agents', narrow);
  await page.getByRole('region', { name: 'Remote agents' }).getByText('external/pocket').waitFor();
  const wide = () => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  expect(await wide()).toBe(false);
  await page.getByRole('button', { name: 'Connect an agent' }).click();
  await page.getByRole('dialog').getByLabel('URL').fill(url);
  await page.getByRole('dialog').getByRole('button', { name: 'Check' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('pocket');
  await page.getByRole('dialog').getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('dialog').getByText('There is an agent "external/pocket" already.').waitFor();
  expect(await wide()).toBe(false);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems.filter((problem) => !problem.includes('409'))).toEqual([]);
  await close();
});

test('who is no administrator finds nothing of it', async () => {
  const { url } = await createTestDatabase();
  const guarded = await startConsoleServer({ DATABASE_URL: url, CONTINUO_AUTH: 'keys' });
  const key = await newKey(url, '--owner', 'ada');
  const { page, close } = await openConsole(guarded.url, '/agents');
  await signInWith(page, key);
  await page.getByRole('link', { name: 'function/echo' }).waitFor();
  expect(await page.getByRole('button', { name: 'Connect an agent' }).count()).toBe(0);
  await close();
});
