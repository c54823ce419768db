/** The console below a path that a proxy has put in front: pages, the API, the event stream, and links from page to page. */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call } from '../../../server/test/support/http-calls.js';
import { startPrefixProxy } from '../../../server/test/support/prefix-proxy.js';
import { startServer } from '../../../server/test/support/server-process.js';
import { openConsole } from '../support/console-page.js';

test.each([
  ['takes its path off', true],
  ['leaves its path on', false],
])('it works behind a proxy that %s', async (_name, strips) => {
  const proxy = await startPrefixProxy('/agents-api', { strips });
  const { url: databaseUrl } = await createTestDatabase();
  const server = await startServer({ env: { DATABASE_URL: databaseUrl, CONTINUO_PUBLIC_URL: proxy.url } });
  proxy.lead(server.url);
  const { page, problems, close } = await openConsole(proxy.url, '/tasks');
  await page.getByText('No tasks yet').waitFor();
  await page.locator('[data-connection=open]').waitFor();
  await call('POST', `${proxy.url}/agents/function/echo/tasks`, { body: { message: 'through the proxy' } });
  await page.getByText('through the proxy').first().waitFor();
  await page.getByRole('link', { name: 'Agents' }).click();
  await page.waitForURL(`${proxy.url}/console/agents`);
  await page.getByText('function/echo').first().waitFor();
  await page.reload();
  await page.getByText('function/echo').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(new URL(page.url()).pathname).toBe('/agents-api/console/agents');
  expect(problems).toEqual([]);
  await close();
});
