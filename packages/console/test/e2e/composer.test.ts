/** The composer of a chat: it stops what goes on, corrects what was said last, and stays where it is. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { found } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('the composer stops what goes on, and the arrow up in an empty box edits the last message', async () => {
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
  expect(await composer.getByRole('button', { name: 'Stop' }).count()).toBe(1);
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

test('what comes later does not move the box, and a narrower window loses no file', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat');
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  const suggestion = page.getByRole('button', { name: 'Where is order 4711?' });
  let letThrough = (): void => undefined;
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  // The notice of a missing model is no part of the chat, and moves it.
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.route(/\/agents$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server.url}/console/chat?agent=test/clerk`);
  await box.waitFor();
  const before = await box.boundingBox();
  expect(await suggestion.count()).toBe(0);
  letThrough();
  await suggestion.waitFor();
  expect(await box.boundingBox()).toEqual(before);
  await page
    .locator('.composer input[type=file]')
    .setInputFiles([{ name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('4711') }]);
  await page.getByText('order.txt').waitFor();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole('button', { name: 'Chats' }).waitFor();
  expect(await page.getByText('order.txt').count()).toBe(1);
  expect(problems).toEqual([]);
  await close();
});

test('@ in the box chooses whom the message goes to', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/clerk');
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  const agents = page.getByRole('listbox', { name: 'Agent' });
  await box.fill('ada@example.com says ');
  await page.keyboard.type('@');
  await agents.getByRole('option').nth(1).waitFor();
  // By what it does, and not only by its name.
  await page.keyboard.type('counts');
  await agents.getByRole('option', { name: 'function/countdown' }).waitFor();
  await until(async () => (await agents.getByRole('option').count()) === 1, { what: 'the others to be gone' });
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await agents.waitFor({ state: 'hidden' });
  await page.keyboard.press('Backspace');
  await agents.waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/agent=function%2Fcountdown/);
  expect(await box.inputValue()).toBe('ada@example.com says ');
  await page.keyboard.type('@');
  await agents.waitFor();
  await page.keyboard.press('ArrowDown');
  await agents.getByRole('option').nth(1).click();
  await page.waitForURL((url) => !url.href.includes('countdown'));
  // Nothing is sent by any of it.
  expect(await found(server.url, 'tasks?agent=function/countdown', 'tasks')).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});
