/** The chats beside the chat, and what goes with a message, in a real browser. */
import { beforeAll, expect, test } from 'vitest';
import { call } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('chats stand beside the chat by day, are found, pinned, renamed, deleted, and say what needs you', async () => {
  const herons = await openSession(server.url, 'Herons of the lake');
  await openSession(server.url, 'Storks of the town');
  const trip = await openSession(server.url, 'A trip');
  await reaches(server.url, await begin(server.url, 'test/travel', 'Rome', trip), 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(server.url, `/chat/${herons}`, { width: 1440 });
  const column = page.getByRole('complementary', { name: 'Chats' });
  const links = column.getByRole('listitem').getByRole('link');
  await column.getByText('Today', { exact: true }).waitFor();
  await column.getByRole('listitem').filter({ hasText: 'A trip' }).getByRole('img', { name: 'Needs you' }).waitFor();
  await column.getByRole('link', { name: 'Herons of the lake' }).and(page.locator('[aria-current]')).waitFor();

  await column.getByRole('button', { name: 'Actions for Herons of the lake' }).click();
  await page.getByRole('menuitem', { name: 'Pin' }).click();
  await column.getByText('Pinned', { exact: true }).waitFor();
  await links.nth(0).getByText('Herons of the lake').waitFor();

  await column.getByRole('button', { name: 'Actions for Storks of the town' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Storks of the roof');
  await page.keyboard.press('Enter');
  await column.getByRole('link', { name: 'Storks of the roof' }).waitFor();

  await column.getByRole('textbox', { name: 'Search chats' }).fill('roof');
  await column.getByRole('link', { name: 'Herons of the lake' }).waitFor({ state: 'detached' });
  await column.getByRole('textbox', { name: 'Search chats' }).fill('');
  await column.getByRole('link', { name: 'Herons of the lake' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);

  await column.getByRole('button', { name: 'Actions for Herons of the lake' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/\/chat$/);
  await column.getByRole('link', { name: 'Herons of the lake' }).waitFor({ state: 'detached' });
  expect((await call('GET', `${server.url}/sessions/${herons}`)).status).toBe(404);
  expect(problems).toEqual([]);
  await close();
});

test('on a phone the chats are in a drawer', async () => {
  const session = await openSession(server.url, 'Gulls of the sea');
  const { page, problems, close } = await openConsole(server.url, '/chat', { width: 390 });
  await page.getByRole('button', { name: 'Chats' }).click();
  const drawer = page.getByRole('dialog', { name: 'Chats' });
  await drawer.getByRole('link', { name: 'Gulls of the sea' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await drawer.getByRole('link', { name: 'Gulls of the sea' }).click();
  await page.waitForURL(new RegExp(session));
  await drawer.waitFor({ state: 'detached' });
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
  await close();
});

test('files are dropped and pasted, and an empty chat suggests what the agent does', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/clerk', { width: 1440 });
  const suggestion = page.getByRole('button', { name: 'Where is order 4711?' });
  await suggestion.waitFor();
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File(['Notes'], 'dropped.txt', { type: 'text/plain' }));
    document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
  const files = page.getByRole('list', { name: 'Attached files' });
  await files.getByText('dropped.txt').waitFor();
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File(['Picture'], 'pasted.png', { type: 'image/png' }));
    document.querySelector('textarea').dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }`);
  await files.getByText('pasted.png').waitFor();
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(9_000_000)], 'large.bin'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
  await page.getByText(/this message may be rejected/).waitFor();
  await page.getByRole('button', { name: 'Remove large.bin' }).click();
  await page.getByRole('button', { name: 'Remove pasted.png' }).click();
  // Agents are found by what they do.
  const picker = page.getByRole('combobox', { name: 'Agent' });
  await picker.click();
  await picker.fill('looks up orders');
  await page.getByRole('option', { name: /test\/clerk/ }).waitFor();
  expect(await page.getByRole('option').count()).toBe(1);
  await page.keyboard.press('Escape');
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await suggestion.click();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  await page.getByRole('article', { name: /^You/ }).getByText('Where is order 4711?').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a first message that is refused leaves no empty chat, and what was written stays', async () => {
  const { page, close } = await openConsole(server.url, '/chat?agent=function/echo', { width: 1440 });
  await page.route(/\/agents\/.*\/tasks$/, (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'UNAVAILABLE', message: 'The server is stopping.' } } }),
  );
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  await box.fill('Are you there?');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').first().waitFor();
  const { body } = await call('GET', `${server.url}/sessions?q=there`);
  expect(body).toMatchObject({ sessions: [] });
  expect(await box.inputValue()).toBe('Are you there?');
  await close();
});
