/** The overview in a real browser. */
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"] dd`);
/** What is drawn once it stays as it is; null before that, and while nothing is drawn. */
const drawn = (page: Page) =>
  page.evaluate<string | null>(`(async () => {
    const canvas = document.querySelector('.plot canvas');
    const before = canvas?.toDataURL();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { width, height } = canvas ?? {};
    const blank = Object.assign(document.createElement('canvas'), { width, height }).toDataURL();
    return canvas?.isConnected && before === canvas.toDataURL() && before !== blank ? before : null;
  })()`);
/** What is drawn as soon as that is something else. */
const drawnOtherThan = (page: Page, before: string | undefined, what: string) =>
  until(
    async () => {
      const now = await drawn(page);
      return now !== before && now;
    },
    { what },
  );

test('the first page says where to begin, then how things stand, while they change', async () => {
  const { page, problems, close } = await openConsole(server.url, '/');
  await page.waitForURL(/\/console\/overview$/);
  await page.getByText('No tasks in this period').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.locator('[data-connection=open]').waitFor();

  const running = await begin(server.url, 'function/countdown', { steps: 1_000, delayMs: 1_000 });
  const asking = await begin(server.url, 'test/asks', 'go');
  await reaches(server.url, await begin(server.url, 'function/echo', 'one'), 'COMPLETED');
  await reaches(server.url, await begin(server.url, 'function/countdown', { steps: -1 }), 'FAILED');
  await reaches(server.url, asking, 'INPUT_REQUIRED');
  for (const [name, value] of [
    ['Started', '4'],
    ['Running', '1'],
    ['Needs input', '1'],
    ['Completed', '1'],
    ['Failed', '1'],
  ] as const) {
    await figure(page, name).getByText(value, { exact: true }).waitFor();
  }
  await page.getByText(/^4 started, 1 completed\. Busiest at/).waitFor();
  await page.getByRole('img', { name: /^Failures: 1 failed, 0 cancelled, out of 2 finished/ }).waitFor();
  const row = page.getByRole('row', { name: /^function\/countdown/ });
  expect((await row.getByRole('cell').allTextContents()).slice(0, 7)).toEqual(['1', '0', '0', '2', '0', '1', '0']);

  const failures = page.getByRole('region', { name: 'Failures' });
  await failures.getByRole('button', { name: 'Show as table' }).click();
  await failures.getByRole('columnheader', { name: 'Failed' }).waitFor();
  expect(await failures.getByRole('row').count()).toBe(50);
  expect(await problemsInBothSchemes(page)).toEqual([]);

  await figure(page, 'Running').getByRole('link').click();
  await page.waitForURL(/tasks\?state=WORKING/);
  await page.locator(`[data-task="${running}"]`).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('time and agent stand in the address, and hold when the page is loaded again', async () => {
  const { page, problems, close } = await openConsole(server.url, '/overview?hours=nonsense');
  await page.getByText('7 d').click();
  await page.waitForURL(/hours=168/);
  await page.getByRole('heading', { name: 'In the last 7 days' }).waitFor();
  await page.getByRole('link', { name: 'function/echo' }).click();
  await page.waitForURL(/agent=function/);
  await page.reload();
  await page.getByRole('heading', { name: 'In the last 7 days' }).waitFor();
  await figure(page, 'Started').getByText('1', { exact: true }).waitFor();
  expect(await page.getByRole('row', { name: /^function\/countdown/ }).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Agent' }).inputValue()).toBe('function/echo');
  expect(problems).toEqual([]);
  await close();
});

test('charts follow the width of the page and its colours', async () => {
  const { page, problems, close } = await openConsole(server.url, '/overview');
  const light = await drawnOtherThan(page, undefined, 'charts');
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await drawnOtherThan(page, light, 'dark charts');
  await page.setViewportSize({ width: 360, height: 740 });
  await drawnOtherThan(page, dark, 'narrow charts');
  await until(() => page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), {
    what: 'all of it to fit',
  });
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('what fails most often leads to the last task that failed so, and what failed last is listed', async () => {
  for (const steps of [-2, -3]) {
    await reaches(server.url, await begin(server.url, 'function/countdown', { steps }), 'FAILED');
  }
  const last = await begin(server.url, 'test/phases', 'The last one');
  await reaches(server.url, last, 'FAILED');
  const { page, problems, close } = await openConsole(server.url, '/overview');
  const top = page.getByRole('region', { name: 'Top errors' });
  const error = top.getByRole('listitem').filter({ hasText: 'function/countdown' });
  await error.getByText(/^[23]×$/).waitFor();
  expect(await top.getByRole('listitem').first().innerText()).toContain('function/countdown');
  const recent = page.getByRole('region', { name: 'Recently failed' });
  await recent.getByRole('link', { name: 'The last one' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  const next = await begin(server.url, 'test/phases', 'Another one');
  await recent.getByRole('link', { name: 'Another one' }).waitFor();
  await top.getByRole('listitem').filter({ hasText: 'The second phase is impossible' }).getByText('2×').waitFor();
  await top.getByRole('link', { name: 'The second phase is impossible' }).click();
  await page.waitForURL(new RegExp(next));
  await page.getByRole('region', { name: 'Why it failed' }).waitFor();
  expect(problems).toEqual([]);
  await close();
});
