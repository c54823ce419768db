/** What a page says of itself is so: that the server takes nothing more, and which tab is open. */
import { expect, test } from 'vitest';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, found, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

const forLong = 600_000;

test('while the server drains, the header does not say that it is live', async () => {
  const server = await startConsoleServer({ CONTINUO_DRAIN_MS: String(forLong) });
  const id = await begin(server.url, 'test/slow-writer', { words: 1, delayMs: forLong });
  await reaches(server.url, id, 'WORKING');
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.locator('[data-connection=open]').getByText('Live').waitFor();
  process.kill(server.pid, 'SIGTERM');
  await page.locator('[data-connection=busy]').getByText('Server unavailable').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
  await server.kill('SIGKILL');
});

test('the tab that is selected is seen on a phone', async () => {
  const server = await startConsoleServer();
  const id = await begin(server.url, 'function/echo', 'hello');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=raw`, { width: 390 });
  const selected = page.getByRole('tab', { name: 'Raw', selected: true });
  const isSeen = () =>
    selected.evaluate((tab) => {
      const { left, right } = tab.getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    });
  await until(isSeen, { what: 'the selected tab to be in view' });
  expect(problems).toEqual([]);
  await close();
});

test('what a task has made is not said to be nothing before that is known', async () => {
  const server = await startConsoleServer();
  const made = await begin(server.url, 'test/drafts', 'go');
  const nothing = await begin(server.url, 'function/countdown', { steps: -1 });
  await reaches(server.url, made, 'COMPLETED');
  await reaches(server.url, nothing, 'FAILED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${nothing}?view=artifacts`);
  await page.getByRole('tabpanel').getByText('No artifacts', { exact: true }).waitFor();
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route(/\/events/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server.url}/console/tasks/${made}?view=artifacts`);
  const panel = page.getByRole('tabpanel');
  await panel.waitFor();
  expect(await panel.innerText()).toBe('');
  await panel.getByRole('status', { name: 'Loading' }).waitFor();
  goOn();
  await panel.getByText('The final text').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a task that is no campaign is shown as a task', async () => {
  const server = await startConsoleServer();
  const id = await begin(server.url, 'function/echo', 'hello');
  await reaches(server.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, `/marketing/${id}`);
  await page.waitForURL(`${server.url}/console/tasks/${id}`);
  await page.getByRole('heading', { name: 'function/echo' }).first().waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a button that is pressed twice does once what it does', async () => {
  const server = await startConsoleServer();
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=function/echo');
  await page.getByRole('group', { name: 'Suggestions' }).getByRole('button').first().dblclick();
  await page.getByRole('log').getByText('Hello, is anybody there?').nth(1).waitFor();
  expect(await found(server.url, 'sessions', 'sessions')).toHaveLength(1);
  const own = page.url();
  const [, answer] = await page.getByRole('article').all();
  await answer?.getByRole('button', { name: 'Regenerate' }).dblclick();
  await page.waitForURL((url) => url.href !== own);
  await page.getByRole('log').getByText('Hello, is anybody there?').nth(1).waitFor();
  expect(await found(server.url, 'sessions', 'sessions')).toHaveLength(2);
  await page.getByRole('button', { name: 'Fork from here' }).first().dblclick();
  await page.getByRole('heading', { name: 'Fork of' }).waitFor();
  expect(await found(server.url, 'sessions', 'sessions')).toHaveLength(3);
  expect(problems).toEqual([]);
  await close();
});
