/** From the address to a page that reacts, in a browser that has nothing of it yet, with few and with many tasks. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../server/test/support/database.js';
import { startServer } from '../../server/test/support/server-process.js';
import { openConsole } from '../test/support/console-page.js';
import { fillDatabase } from '../test/support/fill-database.js';

const TIMES = 7;

/** What one does first on each page, and what is there when it has worked. */
const pages: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  [
    '/tasks',
    async (page) => {
      await page.locator('[data-task]').first().getByRole('checkbox').check();
      await page.getByText('1 selected').waitFor();
    },
  ],
  [
    '/sessions',
    async (page) => {
      await page.getByRole('button', { name: 'Actions for Conversation 1', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    },
  ],
  [
    '/overview?hours=168',
    async (page) => {
      await page.getByRole('button', { name: 'Show as table' }).first().click();
      await page.getByRole('columnheader', { name: 'From' }).waitFor();
    },
  ],
];

test('pages with few and with many tasks', async () => {
  const lines: string[] = [];
  for (const many of [100, 100_000]) {
    const { url: database } = await createTestDatabase();
    await fillDatabase(database, many);
    const { url } = await startServer({ env: { DATABASE_URL: database } });
    for (const [path, act] of pages) {
      const took: number[] = [];
      for (let time = 0; time < TIMES; time += 1) {
        const { page, problems, close } = await openConsole(url, '/agents');
        await page.goto('about:blank');
        const session = await page.context().newCDPSession(page);
        await session.send('Network.clearBrowserCache');
        const begun = performance.now();
        await page.goto(`${url}/console${path}`, { waitUntil: 'commit' });
        await act(page);
        took.push(performance.now() - begun);
        expect(problems).toEqual([]);
        await close();
      }
      const [median, worst] = [took.toSorted((a, b) => a - b)[(TIMES - 1) / 2] ?? 0, Math.max(...took)];
      lines.push(`| ${path} | ${many} | ${median.toFixed(0)} ms | ${worst.toFixed(0)} ms |`);
    }
  }
  console.log(['', '| page | tasks and sessions | median | worst |', '|---|---|---|---|', ...lines].join('\n'));
});
