/** What a page says of itself is so: that the server takes nothing more, and which tab is open. */
import { expect, test } from 'vitest';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
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
