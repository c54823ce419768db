/** Lists in a real browser: rows open as a whole, say what they are about, and tabs are told apart by their titles. */
import { beforeAll, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { call } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;
let session: string;
let task: string;
let failed: string;

beforeAll(async () => {
  server = await startConsoleServer();
  const webhook = { url: 'http://127.0.0.1:9/nobody' };
  await call('POST', `${server.url}/webhooks`, { body: webhook });
  session = await openSession(server.url, 'I have a 10 GB CSV file');
  task = await begin(server.url, 'function/echo', 'Order 4711, please', session);
  failed = await begin(server.url, 'function/countdown', { steps: -1, delayMs: 5 });
  await reaches(server.url, task, 'COMPLETED');
  await reaches(server.url, failed, 'FAILED');
});

/** Its right end, where no link is. */
async function clickRow(row: Locator, options: Parameters<Locator['click']>[0] = {}): Promise<void> {
  const { width = 0, height = 0 } = (await row.boundingBox()) ?? {};
  await row.click({ position: { x: width - 40, y: height / 2 }, ...options });
}

async function opensElsewhere(page: Page, act: () => Promise<void>): Promise<string> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), act()]);
  await until(async () => opened.url() !== 'about:blank', { what: 'the new tab to have an address' });
  const url = opened.url();
  await opened.close();
  return url;
}

test('a task row opens as a whole, in a new tab where that is wanted, and its text can be selected', async () => {
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  const row = page.locator(`[data-task="${task}"]`);
  await row.waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const wanted = `${server.url}/console/tasks/${task}`;
  expect(await opensElsewhere(page, () => clickRow(row, { modifiers: ['Control'] }))).toBe(wanted);
  expect(await opensElsewhere(page, () => clickRow(row, { button: 'middle' }))).toBe(wanted);
  expect(new URL(page.url()).pathname).toBe('/console/tasks');
  // What has a click of its own keeps it.
  await row.getByRole('checkbox').check();
  expect(new URL(page.url()).pathname).toBe('/console/tasks');
  // Whoever drags over text wants the text.
  const { x, y, width, height } = (await row.locator('.cell-changed').boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  await page.mouse.move(x + 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + Math.min(width, 120), y + height / 2, { steps: 4 });
  await page.mouse.up();
  expect(await page.evaluate<string>('String(getSelection())')).not.toBe('');
  expect(new URL(page.url()).pathname).toBe('/console/tasks');
  await page.mouse.click(5, 500);
  await page.evaluate('getSelection().removeAllRanges()');
  await clickRow(row);
  await page.waitForURL(wanted);
  expect(problems).toEqual([]);
  await close();
});

test('rows of sessions, agents, deliveries and children open as a whole', async () => {
  const { page, problems, close } = await openConsole(server.url, '/sessions');
  await clickRow(page.getByRole('listitem').filter({ hasText: '10 GB CSV' }), { position: { x: 500, y: 40 } });
  await page.waitForURL(new RegExp(`/chat/${session}`));

  await page.goto(`${server.url}/console/agents`);
  await page.getByRole('article').filter({ hasText: 'function/echo' }).getByText('Gives back').click();
  await page.waitForURL(/\/agents\/function\/echo$/);

  await page.goto(`${server.url}/console/webhooks/deliveries`);
  const delivery = page.locator('[data-delivery]').first();
  await delivery.getByText('127.0.0.1:9').click();
  await delivery.locator('[aria-expanded=true]').waitFor();

  const parent = await begin(server.url, 'test/parent', 'Two at once');
  await reaches(server.url, parent, 'WORKING');
  await page.goto(`${server.url}/console/tasks/${parent}?view=children`);
  // By its id: a child that begins later may be listed before the one that is there first.
  const id = await page.locator('[data-branch]').nth(1).getAttribute('data-branch');
  await clickRow(page.locator(`[data-branch="${id}"]`));
  await page.waitForURL(new RegExp(`/tasks/${id}`));
  await call('POST', `${server.url}/tasks/${parent}:cancel`);
  expect(problems).toEqual([]);
  await close();
});

test('what was asked is in the rows and in the palette', async () => {
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page
    .locator(`[data-task="${task}"]`)
    .getByRole('link', { name: /Order 4711, please.*function\/echo/ })
    .waitFor();
  await page.locator(`[data-task="${failed}"]`).getByText('steps: -1, delayMs: 5').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('4711');
  await page.getByRole('option', { name: /Order 4711, please.*function\/echo · Completed/ }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('the title of the tab says what the page is about', async () => {
  const { page, problems, close } = await openConsole(server.url, `/tasks/${failed}`);
  const titled = (title: string) => until(async () => (await page.title()) === title, { what: `the title ${title}` });
  await titled(`Failed · function/countdown ${failed.slice(-6)} · Continuo`);
  const others = {
    [`chat/${session}`]: 'I have a 10 GB CSV file · Continuo',
    'agents/function/echo': 'function/echo · Continuo',
    'webhooks/deliveries': 'Deliveries · Continuo',
    tasks: 'Tasks · Continuo',
  };
  for (const [path, title] of Object.entries(others)) {
    await page.goto(`${server.url}/console/${path}`);
    await titled(title);
  }
  await clickRow(page.locator(`[data-task="${task}"]`));
  await titled(`Completed · function/echo ${task.slice(-6)} · Continuo`);
  await page.goBack();
  await titled('Tasks · Continuo');
  expect(problems).toEqual([]);
  await close();
});

test.each([390, 1024])('the list of tasks fits %i pixels, and is accessible in light and dark', async (width) => {
  const { page, close } = await openConsole(server.url, '/tasks', { width });
  await page.locator(`[data-task="${task}"]`).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  await close();
});
