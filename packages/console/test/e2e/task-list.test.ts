/** The list of tasks by its filters, by keyboard, and what is done to all that match. */
import { beforeEach, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call, textAt } from '../../../server/test/support/http-calls.js';
import { runOn } from '../../../server/test/support/postgres.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let database: string;
let server: ServerProcess;

beforeEach(async () => {
  ({ url: database } = await createTestDatabase());
  server = await startConsoleServer({ DATABASE_URL: database });
});

const rows = (page: Page) => page.locator('[data-task]');
const chip = (page: Page, name: string) =>
  page.getByRole('group', { name: 'State' }).getByRole('button', { name, exact: true });

async function echoes(n: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let each = 1; each <= n; each += 1) {
    const id = await begin(server.url, 'function/echo', `Echo ${each}`);
    await reaches(server.url, id, 'COMPLETED');
    ids.push(id);
  }
  return ids;
}

test('only what people asked for is listed, until child tasks are wanted; states have their numbers', async () => {
  const parent = await begin(server.url, 'test/parent', 'Two at once');
  await echoes(1);
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await chip(page, 'All 2').waitFor();
  await chip(page, 'Working 1').waitFor();
  await chip(page, 'Needs input 0').waitFor();
  await until(async () => (await rows(page).count()) === 2, { what: 'two rows' });
  await page.getByRole('switch', { name: 'Child tasks' }).click();
  await page.waitForURL(/children=true/);
  await chip(page, 'Working 3').waitFor();
  await until(async () => (await rows(page).count()) === 4, { what: 'the children to be listed' });
  await chip(page, 'Completed 1').click();
  await page.waitForURL(/state=COMPLETED/);
  await until(async () => (await rows(page).count()) === 1, { what: 'one row' });
  expect(await chip(page, 'Completed 1').getAttribute('aria-pressed')).toBe('true');
  // Once more, and all are there again; and the numbers go with what happens.
  await chip(page, 'Completed 1').click();
  await page.waitForURL((url) => !url.search.includes('state'));
  await call('POST', `${server.url}/tasks/${parent}:cancel`);
  await chip(page, 'Cancelled 3').waitFor();
  await chip(page, 'Working 0').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a time range stands in the address, a typed one as well', async () => {
  const [old = '', fresh = ''] = await echoes(2);
  await runOn(database, `UPDATE tasks SET status_at = now() - interval '3 days' WHERE id = '${old}'`);
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.locator(`[data-task="${old}"]`).waitFor();
  await page.getByRole('combobox', { name: 'Time' }).click();
  await page.getByRole('option', { name: 'Last hour' }).click();
  await page.waitForURL(/last=hour/);
  await page.locator(`[data-task="${old}"]`).waitFor({ state: 'detached' });
  await page.locator(`[data-task="${fresh}"]`).waitFor();
  await chip(page, 'All 1').waitFor();
  await page.reload();
  await page.locator(`[data-task="${fresh}"]`).waitFor();
  expect(await rows(page).count()).toBe(1);

  await page.getByRole('combobox', { name: 'Time' }).click();
  await page.getByRole('option', { name: 'Custom range…' }).click();
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  await page.getByLabel('From').fill(at(-5));
  await page.waitForURL(/from=/);
  await page.getByLabel('To', { exact: true }).fill(at(-1));
  await page.waitForURL(/to=/);
  await page.locator(`[data-task="${old}"]`).waitFor();
  await page.locator(`[data-task="${fresh}"]`).waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
  await close();
});

test('rows are gone through, selected and opened by keyboard, and the sheet of shortcuts says how', async () => {
  const [, second = '', third = ''] = await echoes(3);
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await rows(page).first().waitFor();
  const cursor = (id: string) => page.locator(`[data-task="${id}"][data-cursor]`);
  await page.keyboard.press('j');
  await cursor(third).waitFor();
  await page.keyboard.press('j');
  await cursor(second).waitFor();
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  expect(await page.locator(`[data-task="${second}"]`).getByRole('checkbox').isChecked()).toBe(true);
  // A box that was ticked takes no letters.
  await page.locator(`[data-task="${second}"]`).getByRole('checkbox').click();
  await page.getByText('1 selected').waitFor({ state: 'detached' });
  await page.keyboard.press('k');
  await cursor(third).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog');
  await sheet.getByText('Next task').waitFor();
  await sheet.getByText('Select or deselect the task').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await until(() => page.evaluate<boolean>("document.activeElement?.matches('[data-search]') ?? false"), {
    what: 'the search to have the focus',
  });
  await page.keyboard.press('Tab');
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('j');
  await cursor(second).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/tasks/${second}`));
  expect(problems).toEqual([]);
  await close();
});

test('all that match are cancelled, loaded or not: it says how many before, how far it is, and what failed', async () => {
  const many = 130;
  const waiting: string[] = [];
  for (let n = 1; n <= many; n += 1) waiting.push(await begin(server.url, 'test/travel', `Trip ${n}`));
  for (const id of waiting) await reaches(server.url, id, 'INPUT_REQUIRED');
  await echoes(1);
  const { page, problems, close } = await openConsole(server.url, '/tasks?state=INPUT_REQUIRED');
  await page.getByRole('checkbox', { name: 'Select all tasks shown so far' }).check();
  await page.getByRole('button', { name: `Select all ${many} that match` }).click();
  await page.getByText(`All ${many} that match are selected`).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel tasks' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`${many} tasks will be cancelled, and any child tasks that still run.`).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  // One is done by somebody else meanwhile, one is refused.
  await call('POST', `${server.url}/tasks/${waiting[0]}:cancel`);
  await page.route(`**/tasks/${waiting[1]}:cancel`, (route) =>
    route.fulfill({
      status: 400,
      contentType: 'application/json',
      body: JSON.stringify({ error: { code: 400, status: 'INVALID_ARGUMENT', message: 'Not this one.', details: [] } }),
    }),
  );
  await dialog.getByRole('button', { name: 'Cancel tasks' }).click();
  await dialog.getByText(`${many - 2} tasks cancelled.`).waitFor();
  await dialog.getByText('1 task changed in the meantime and was skipped.').waitFor();
  await dialog.getByText('1 task failed:').waitFor();
  await dialog.getByRole('listitem').getByText('Not this one.').waitFor();
  await dialog.getByRole('link', { name: 'Trip 2' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'detached' });
  await chip(page, 'Needs input 1').waitFor();
  await chip(page, `Cancelled ${many - 1}`).waitFor();
  // The browser says of both that they were refused.
  expect(problems.filter((problem) => !/status of 400 .*:cancel$/.test(problem))).toEqual([]);
  await close();
});

test('a long run over many tasks is stopped where it is', async () => {
  const waiting: string[] = [];
  for (let n = 1; n <= 12; n += 1) waiting.push(await begin(server.url, 'test/travel', `Trip ${n}`));
  for (const id of waiting) await reaches(server.url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.getByRole('checkbox', { name: 'Select all tasks shown so far' }).check();
  await page.getByText('12 selected').waitFor();
  const held: (() => void)[] = [];
  await page.route('**/tasks/*:cancel', async (route) => {
    await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  await page.getByRole('button', { name: 'Cancel tasks' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('12 tasks will be cancelled.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel tasks' }).click();
  await dialog.getByText('0 of 12 done').waitFor();
  await until(async () => held.length > 0, { what: 'the first to be on its way' });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  for (const go of held) go();
  await dialog.getByText('4 tasks cancelled.').waitFor();
  await dialog.getByText('Stopped. 8 tasks were not changed.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test.each([390, 1440])('its filters and its bar fit %i pixels, accessible in light and dark', async (width) => {
  const [id = ''] = await echoes(2);
  const { page, problems, close } = await openConsole(server.url, '/tasks?from=2026-01-01T00:00:00.000Z', { width });
  await page.locator(`[data-task="${id}"]`).getByRole('checkbox').check();
  await page.getByText('1 selected').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
  await close();
});

test('ended tasks are deleted, one on its page and all that match in the list; what was said stays in the chat', async () => {
  const ids = await echoes(3);
  const waiting = await begin(server.url, 'test/travel', 'A trip');
  await reaches(server.url, waiting, 'INPUT_REQUIRED');
  const [first = ''] = ids;
  const session = textAt((await call('GET', `${server.url}/tasks/${first}`)).body, 'contextId');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${first}`);
  await page.getByRole('button', { name: 'Delete task' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 task will be deleted for good. Messages stay in their chats.').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Delete task' }).click();
  await page.waitForURL(/\/tasks(\?|$)/);
  await until(async () => (await rows(page).count()) === 3, { what: 'the task to leave the list' });

  await page.getByRole('checkbox', { name: 'Select all tasks shown so far' }).check();
  await page.getByRole('button', { name: 'Delete tasks' }).click();
  await dialog.getByText('2 tasks will be deleted for good.').waitFor();
  await dialog.getByText('1 selected task can’t be deleted and will be skipped').waitFor();
  await dialog.getByRole('button', { name: 'Delete tasks' }).click();
  await until(async () => (await rows(page).count()) === 1, { what: 'the tasks to leave the list' });
  await page.locator(`[data-task="${waiting}"]`).waitFor();
  await page.goto(`${server.url}/console/chat/${session}`);
  await page.getByText('Echo 1').first().waitFor();
  // The chat looks for the task of what was said, and the browser says that it isn't there.
  expect(problems.filter((problem) => !problem.includes('status of 404'))).toEqual([]);
  await close();
});
