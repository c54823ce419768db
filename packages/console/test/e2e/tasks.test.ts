/** The list of tasks in a real browser. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { firstLoad } from '../support/first-load.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

const forLong = { steps: 1_000, delayMs: 1_000 };
let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('a task appears while the page is open, and shows how far it is', async () => {
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.locator('[data-connection=open]').waitFor();
  const id = await begin(server.url, 'function/countdown', { steps: 3, delayMs: 100 });
  const row = page.locator(`[data-task="${id}"]`);
  await row.getByText('Completed').waitFor();
  await row.getByText('Counted 3 steps.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('files come as small as the client takes them', async () => {
  const [name = ''] = /assets\/index-[^"]+\.js/.exec(await (await fetch(`${server.url}/console/`)).text()) ?? [];
  const sizes: number[] = [];
  for (const [accepted, encoding] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0', null],
  ] as const) {
    const { status, headers } = await fetch(`${server.url}/console/${name}`, {
      headers: { 'accept-encoding': accepted },
      method: 'HEAD',
    });
    expect([status, headers.get('content-encoding'), headers.get('vary')]).toEqual([200, encoding, 'Accept-Encoding']);
    sizes.push(Number(headers.get('content-length')));
  }
  expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
});

test('the first load, of the overview with its charts, is below 250 KB with gzip, and a font', async () => {
  await reaches(server.url, await begin(server.url, 'function/echo', 'Something to draw'), 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  const { code, fonts } = await firstLoad(page, server.url);
  expect(code.gzip).toBeGreaterThan(100_000);
  expect(code.gzip).toBeLessThan(250_000);
  expect(fonts).toBeLessThan(50_000);
  expect(problems).toEqual([]);
  await close();
});

test("a page's own code is asked for while what all pages need is on its way", async () => {
  const { page, problems, close } = await openConsole(server.url, '/settings');
  const pages = {
    '': 'overview',
    '/tasks?state=FAILED': 'tasks',
    '/tasks/0193a1b2': 'task',
    '/agents/function/echo/': 'agent',
    '/webhooks/deliveries': 'deliveries',
  };
  for (const [path, name] of Object.entries(pages)) {
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname.includes(`/${name}-page-`));
    await page.route(/\/assets\/(index|libraries)-[\w-]+\.js$/, async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(`${server.url}/console${path}`);
    await page.locator('[data-connection=open]').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
  }
  expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  await close();
});

test('filters stand in the address, and hold when the page is loaded again', async () => {
  const failed = await begin(server.url, 'function/countdown', { steps: -1 });
  const echoed = await begin(server.url, 'function/echo', 'A message about herons');
  await reaches(server.url, failed, 'FAILED');
  await reaches(server.url, echoed, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.locator(`[data-task="${failed}"]`).waitFor();
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Failed' }).click();
  await page.waitForURL(/state=FAILED/);
  await page.locator(`[data-task="${echoed}"]`).waitFor({ state: 'detached' });
  await page.reload();
  await page.locator(`[data-task="${failed}"]`).waitFor();
  expect(await page.locator(`[data-task="${echoed}"]`).count()).toBe(0);

  await page.goto(`${server.url}/console/tasks?q=herons`);
  await page.locator(`[data-task="${echoed}"]`).waitFor();
  expect(await page.locator('[data-task]').count()).toBe(1);
  expect(problems).toEqual([]);
  await close();
});

test('a filter and its order are saved under a name, come back by it, and are removed', async () => {
  const failed = await begin(server.url, 'function/countdown', { steps: -1 });
  const { page, problems, close } = await openConsole(server.url, '/tasks?state=FAILED&agent=function/countdown');
  await page.locator(`[data-task="${failed}"]`).waitFor();
  await page.getByRole('button', { name: 'Changed' }).click();
  await page.waitForURL(/order=asc/);
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('textbox', { name: 'View name' }).fill('Failed countdowns');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.goto(`${server.url}/console/tasks`);
  await page.getByRole('button', { name: 'Saved views' }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Failed countdowns', exact: true }).click();
  await page.waitForURL((url) =>
    ['state=FAILED', 'agent=function', 'order=asc'].every((part) => url.search.includes(part)),
  );
  await page.locator(`[data-task="${failed}"]`).waitFor();
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: 'Remove the view Failed countdowns' }).click();
  await page.getByRole('button', { name: 'Saved views' }).waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
  await close();
});

test('cancelling several says first what it touches, children included, and cancels the trees', async () => {
  const parent = await begin(server.url, 'test/parent', 'go');
  const ended = await begin(server.url, 'function/echo', 'over');
  await reaches(server.url, ended, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, '/tasks?state=WORKING&children=true');
  await page.getByText('3 tasks').waitFor();
  await page.goto(`${server.url}/console/tasks`);
  for (const id of [parent, ended]) await page.locator(`[data-task="${id}"]`).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Cancel tasks' }).click();
  await page.getByText('1 task will be cancelled, and 2 of their children with them.').waitFor();
  await page.getByText('1 selected task can’t be cancelled and will be skipped').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel tasks' }).click();
  await reaches(server.url, parent, 'CANCELED');
  // With it the selection is gone.
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator(`[data-task="${parent}"]`).getByText('Cancelled').waitFor();
  await page.locator(`[data-task="${parent}"]`).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Retry tasks' }).click();
  await page.getByText(/^1 task will be retried from the failed step, and 2 of their children with them\.$/).waitFor();
  await page.goto(`${server.url}/console/tasks?state=WORKING&children=true`);
  await page.getByText('No tasks match these filters').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('the list is accessible in %s, wide and narrow', async (colourScheme) => {
  const running = await begin(server.url, 'function/countdown', forLong);
  for (const width of [1280, 360]) {
    const { page, problems, close } = await openConsole(server.url, '/tasks', { colourScheme, width });
    await page
      .locator(`[data-task="${running}"]`)
      .getByText(/Counted \d+ of 1000/)
      .waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await close();
  }
});
