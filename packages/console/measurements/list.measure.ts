/** The list of 5,000 tasks: when its largest part is painted (LCP), and what is done in it until it is seen (INP). */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../server/test/support/database.js';
import { startServer } from '../../server/test/support/server-process.js';
import { openConsole } from '../test/support/console-page.js';
import { fillDatabase } from '../test/support/fill-database.js';
import { observe, rowsOf } from './event-timing.js';

const LOADS = 7;

/** Of the page so far, in milliseconds since its address was opened. */
const largestPaint = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})`;

test('a list of 5,000 tasks', async () => {
  const { url: database } = await createTestDatabase();
  await fillDatabase(database, 5_000);
  const { url } = await startServer({ env: { DATABASE_URL: database } });
  const paints: number[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    const { page, close } = await openConsole(url, '/tasks', { width: 1440, height: 900 });
    await page.locator('[data-task]').first().waitFor();
    paints.push(await page.evaluate<number>(largestPaint));
    await close();
  }
  const { page, problems, close } = await openConsole(url, '/tasks', { width: 1440, height: 900 });
  const boxes = page.locator('[data-task]').getByRole('checkbox');
  await boxes.first().waitFor();
  await page.evaluate(observe);
  let index = 0;
  const acts: Record<string, () => Promise<void>> = {
    'next row (j)': () => page.keyboard.press('j'),
    'select a row (click)': () => boxes.nth((index = (index + 1) % 8)).click(),
    'to the end and back (End, Home)': async () => {
      await page.keyboard.press('End');
      await page.keyboard.press('Home');
    },
    'to the overview and back (click)': async () => {
      await page.getByRole('link', { name: 'Overview', exact: true }).click();
      await page.getByRole('link', { name: 'Tasks', exact: true }).first().click();
      await boxes.first().waitFor();
    },
  };
  const median = paints.toSorted((a, b) => a - b)[(LOADS - 1) / 2] ?? 0;
  const paint = `| largest paint (LCP) | ${median.toFixed(0)} ms | ${Math.max(...paints).toFixed(0)} ms |`;
  const lines = [paint, ...(await rowsOf(page, acts))];
  console.log(['', '| 5,000 tasks | median | worst |', '|---|---|---|', ...lines].join('\n'));
  expect(problems).toEqual([]);
  await close();
});
