/** The code of a part of the console can't be fetched: nothing else goes with it, and it comes when there is a way to it. */
import { expect, test } from 'vitest';
import { openConsole } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

test('while the server is away, a page that was never open says so, and comes when the server is back', async () => {
  const server = await startConsoleServer();
  const { page, problems, close } = await openConsole(server.url, '/agents');
  await page.locator('[data-connection=open]').waitFor();
  await server.kill('SIGKILL');
  await page.locator('[data-connection=lost]').waitFor();
  await page.getByRole('link', { name: 'Webhooks' }).click();
  const said = page.getByRole('alert').getByText('This part of the console couldn’t be fetched.');
  await said.waitFor();
  // It is still the console: another page says the same, and what was open before is open again.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.waitForURL(/\/console\/settings/);
  await said.waitFor();
  await page.getByRole('link', { name: 'Agents' }).click();
  await page.locator('.agent-card').first().waitFor();
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await said.waitFor();
  await startConsoleServer(server.env);
  await page.getByRole('button', { name: 'New webhook' }).waitFor();
  expect(problems.filter((problem) => !problem.includes('/console/assets/'))).toEqual([]);
  await close();
});

test('a server with another console has it loaded again, where one was', async () => {
  const server = await startConsoleServer();
  const id = await begin(server.url, 'function/echo', 'hello');
  await reaches(server.url, id, 'COMPLETED');
  const { page, close } = await openConsole(server.url, `/tasks/${id}`);
  await page.locator('[data-connection=open]').waitFor();
  const gone = /\/assets\/(task-protocol|webhooks-page)-[\w-]+\.js$/;
  await page.route(gone, (route) => route.fulfill({ status: 404 }));
  await page.getByRole('tab', { name: 'Protocol' }).click();
  // Once; what is gone then as well is said.
  const said = page.getByRole('alert').getByText('This part of the console couldn’t be fetched.');
  await said.waitFor();
  await page.getByRole('tab', { name: 'Protocol', selected: true }).waitFor();
  await page.getByRole('heading', { name: 'function/echo' }).first().waitFor();
  await page.unroute(gone);
  await page.route(gone, (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('button', { name: 'New webhook' }).waitFor();
  expect(page.url()).toContain('/console/webhooks');
  await close();
});

test('a browser that keeps nothing shows the console', async () => {
  const server = await startConsoleServer();
  const denied = ['localStorage', 'sessionStorage']
    .map(
      (name) =>
        `Object.defineProperty(window, '${name}', { configurable: true, get() { throw new Error('denied'); } });`,
    )
    .join('');
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=function/echo', { before: denied });
  await page.locator('[data-connection=open]').waitFor();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Is anybody there?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Is anybody there?').nth(1).waitFor();
  expect(problems).toEqual([]);
  await close();
});
