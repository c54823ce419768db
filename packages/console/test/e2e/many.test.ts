/** The console with 100,000 tasks and as many sessions in the database. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call } from '../../../server/test/support/http-calls.js';
import { runOn } from '../../../server/test/support/postgres.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole } from '../support/console-page.js';
import { fillDatabase } from '../support/fill-database.js';
import { begin } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

const MANY = 100_000;
let database: string;
let server: ServerProcess;

beforeAll(async () => {
  ({ url: database } = await createTestDatabase());
  await fillDatabase(database, MANY);
  server = await startConsoleServer({ DATABASE_URL: database });
});

const task = (n: number): string => {
  const hex = createHash('md5').update(`task ${n}`).digest('hex');
  return `[data-task="${hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, '$1-$2-7$3-8$4-$5')}"]`;
};

/** Scrolls the list to `px`, or as far down as it has been loaded, until `wanted` is there. */
async function scrollTo(page: Page, px: number, wanted: string): Promise<void> {
  await until(
    async () => {
      await page.evaluate(`document.querySelector('.rows').scrollTop = ${px}`);
      return (await page.locator(wanted).count()) > 0;
    },
    { what: `the list to get to ${wanted}` },
  );
}

const countOf = async (id: string): Promise<number> => {
  const { body } = await call('GET', `${server.url}/tasks/${id}`);
  return Number(/Counted (\d+)/.exec(JSON.stringify(body))?.[1] ?? 0);
};

const scansOf = async (index: string): Promise<number> =>
  Number(
    (
      await runOn<{ n: string }>(
        database,
        `SELECT idx_scan AS n FROM pg_stat_user_indexes WHERE indexrelname = '${index}'`,
      )
    )[0]?.n,
  );

test('the list of tasks shows a few rows of 100,000, goes on when it is scrolled, and is filtered, turned and searched', async () => {
  const before = await scansOf('tasks_recent');
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.locator(task(1)).waitFor();
  await page.getByText(/^(9|10)\d,\d{3} tasks$/).waitFor();
  await scrollTo(page, 450 * 54, task(450));
  const table = page.getByRole('table', { name: 'Tasks' });
  expect(Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(451);
  expect(await page.locator('[data-task]').count()).toBeLessThan(60);
  await until(async () => (await scansOf('tasks_recent')) > before, { what: 'the index to be used' });

  const newest = await begin(server.url, 'function/echo', 'And one more');
  const counted = await begin(server.url, 'function/countdown', { steps: 10_000, delayMs: 100 });
  const newer = page.getByRole('button', { name: 'Show new changes' });
  await newer.waitFor();
  // Word of how far a task is makes the list no newer.
  const first = await countOf(counted);
  await until(async () => (await countOf(counted)) > first + 10, { what: 'the countdown to go on' });
  await newer.click();
  await page.locator(`[data-task="${newest}"]`).waitFor();

  await page.getByRole('button', { name: 'Failed 2,000+' }).click();
  await page.locator(task(2)).waitFor();
  await page.getByRole('button', { name: 'Changed' }).click();
  await page.waitForURL(/order=asc/);
  await page.locator(task(MANY)).waitFor();
  expect(await page.locator('[data-task] [data-state]:not([data-state=FAILED])').count()).toBe(0);
  expect(await page.getByRole('columnheader', { name: 'Changed' }).getAttribute('aria-sort')).toBe('ascending');

  await page.goto(`${server.url}/console/tasks`);
  await page.getByRole('textbox', { name: 'Search messages' }).fill('question 4711');
  await page.locator(task(4711)).waitFor();
  await page.getByText('1 task', { exact: true }).waitFor();
  expect(await page.locator('[data-task]').count()).toBe(1);
  expect(problems).toEqual([]);
  await close();
});

test('so does the list of sessions, and the overview counts them all', async () => {
  const before = await scansOf('sessions_recent');
  const { page, problems, close } = await openConsole(server.url, '/sessions');
  await page.getByRole('link', { name: 'Conversation 2', exact: true }).waitFor();
  await scrollTo(page, 250 * 52, 'a:text-is("Conversation 250")');
  expect(await page.getByRole('listitem').count()).toBeLessThan(60);
  await until(async () => (await scansOf('sessions_recent')) > before, { what: 'the index to be used' });
  await page.getByRole('textbox', { name: 'Search titles and messages' }).fill('conversation 99999');
  await page.getByRole('link', { name: 'Conversation 99999' }).waitFor();
  await page.getByRole('link', { name: 'Conversation 2', exact: true }).waitFor({ state: 'detached' });
  expect(await page.getByRole('listitem').count()).toBe(1);

  await page.goto(`${server.url}/console/overview?hours=168`);
  await page.locator('[data-figure="Needs input"]').getByText('1,000', { exact: true }).waitFor();
  await page.getByText(/^100,002 started, 92,001 completed/).waitFor();
  expect(problems).toEqual([]);
  await close();
});
