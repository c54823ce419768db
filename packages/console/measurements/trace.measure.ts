/** How long a trace of 5,000 steps takes to be there, and what is done in it until it is seen. */
import { expect, test } from 'vitest';
import { openConsole } from '../test/support/console-page.js';
import { begin, reaches } from '../test/support/sample-data.js';
import { startTracedServer } from '../test/support/start-console-server.js';
import { readWholeTrace } from '../test/support/whole-trace.js';
import { observe, rowsOf } from './event-timing.js';

test('a trace of 5,000 steps', async () => {
  const { url } = await startTracedServer();
  const id = await begin(url, 'test/many', { steps: 5_000 });
  await reaches(url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(url, '/agents', { width: 1440, height: 900 });
  const begun = performance.now();
  await page.goto(`${url}/console/tasks/${id}`, { waitUntil: 'commit' });
  await page.getByRole('row', { name: /^Step, step 1, Done/ }).waitFor();
  const first = performance.now() - begun;
  await readWholeTrace(page, 5_002);
  await page.keyboard.press('Home');
  await page.evaluate(observe);
  const rows = page.locator('[data-span]');
  let index = 3;
  const press = (key: string) => () => page.keyboard.press(key);
  const acts: Record<string, () => Promise<void>> = {
    'next row (↓)': press('ArrowDown'),
    'a page on (Page Down)': press('PageDown'),
    'to the end and back (End, Home)': async () => {
      await page.keyboard.press('End');
      await page.keyboard.press('Home');
    },
    'select a row (click)': () => rows.nth((index = 3 + (index % 12))).click(),
    'zoom in and out (+, −)': async () => {
      await page.keyboard.press('+');
      await page.keyboard.press('-');
    },
    'close and open all (←, →)': async () => {
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowRight');
    },
    'zoom with the wheel (Ctrl)': async () => {
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -120);
      await page.mouse.wheel(0, 120);
      await page.keyboard.up('Control');
    },
  };
  const lines = [`| first rows after the address | ${first.toFixed(0)} ms | |`, ...(await rowsOf(page, acts))];
  console.log(['', '| 5,000 steps | median | worst of 20 |', '|---|---|---|', ...lines].join('\n'));
  expect(problems).toEqual([]);
  await close();
});
