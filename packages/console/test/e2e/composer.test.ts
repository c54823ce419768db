/** The composer of a chat by keyboard: it stops what goes on, and the arrow up corrects what was said last. */
import { expect, test } from 'vitest';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { startConsoleServer } from '../support/start-console-server.js';

test('Send is Stop while an answer grows and nothing is written, and the arrow up edits the last message', async () => {
  const server = await startConsoleServer();
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/slow-writer', { width: 390 });
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  await box.fill(JSON.stringify({ words: 1_000, delayMs: 20 }));
  await page.keyboard.press('Enter');
  await page.getByText(/word10 /).waitFor();
  const composer = page.locator('.composer');
  await composer.getByRole('button', { name: 'Stop' }).waitFor();
  expect(await composer.getByRole('button', { name: 'Send' }).count()).toBe(0);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await box.fill('And another thing');
  await composer.getByRole('button', { name: 'Send' }).waitFor();
  await page.keyboard.press('ArrowUp');
  expect(await page.getByRole('textbox', { name: 'Edit your message' }).count()).toBe(0);
  await box.fill('');
  await composer.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped').waitFor();
  await composer.getByRole('button', { name: 'Send' }).waitFor();
  await until(() => box.evaluate((element) => element === document.activeElement), {
    what: 'the box to have the focus',
  });
  await page.keyboard.press('ArrowUp');
  const correction = page.locator('.correction textarea');
  await correction.waitFor();
  expect(await correction.inputValue()).toContain('"words": 1000');
  await page.keyboard.press('Escape');
  await correction.waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
  await close();
});
