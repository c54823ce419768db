/** What a page says of itself is so: that the server takes nothing more, which tab is open, on which day a chat was. */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call } from '../../../server/test/support/http-calls.js';
import { runOn } from '../../../server/test/support/postgres.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
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
  const isSeen = (name: string) =>
    page.getByRole('tab', { name }).evaluate((tab) => {
      const { left, right } = tab.getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    });
  const seen = (name: string) => until(() => isSeen(name), { what: `the tab ${name} to be in view` });
  await page.getByRole('tab', { name: 'Raw', selected: true }).waitFor();
  await seen('Raw');
  await page.getByRole('tab', { name: 'Deliveries' }).focus();
  await page.keyboard.press('Home');
  await page.getByRole('tab', { name: 'Trace', selected: true }).waitFor();
  await seen('Trace');
  expect(problems).toEqual([]);
  await close();
});

test('a chat that is renamed or pinned stays on its day', async () => {
  const { url: database } = await createTestDatabase();
  const server = await startConsoleServer({ DATABASE_URL: database });
  const old = await openSession(server.url, 'Herons of the lake');
  await openSession(server.url, 'Storks of the town');
  await runOn(database, `UPDATE sessions SET updated_at = now() - interval '40 days' WHERE id = '${old}'`);
  const before = (await call('GET', `${server.url}/sessions/${old}`)).body;
  const { page, problems, close } = await openConsole(server.url, '/chat', { width: 1440 });
  const column = page.getByRole('complementary', { name: 'Chats' });
  await column.getByText('Today', { exact: true }).waitFor();
  await column.getByRole('button', { name: 'Actions for Herons of the lake' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Herons of the river');
  await page.keyboard.press('Enter');
  await column.getByRole('link', { name: 'Herons of the river' }).waitFor();
  for (const entry of ['Pin', 'Unpin']) {
    await column.getByRole('button', { name: 'Actions for Herons of the river' }).click();
    await page.getByRole('menuitem', { name: entry, exact: true }).click();
    await column.getByText('Pinned', { exact: true }).waitFor({ state: entry === 'Pin' ? 'visible' : 'detached' });
  }
  expect(await column.getByRole('listitem').getByRole('link').allTextContents()).toEqual([
    expect.stringContaining('Storks'),
    expect.stringContaining('Herons'),
  ]);
  const after = (await call('GET', `${server.url}/sessions/${old}`)).body;
  expect(after).toMatchObject({ updatedAt: (before as { readonly updatedAt: string }).updatedAt });
  expect(problems).toEqual([]);
  await close();
});
