/** What waits for people, in a real browser: all of it in one place, answered there, also by keyboard. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

async function asks(agent: string, text: string): Promise<string> {
  const id = await begin(server.url, agent, text, await openSession(server.url, text));
  await reaches(server.url, id, 'INPUT_REQUIRED');
  return id;
}

test('questions stand in one place, oldest first, counted, and come and go as they do', async () => {
  const { page, problems, close } = await openConsole(server.url, '/inbox');
  await page.getByText('Nothing needs you').waitFor();
  const first = await asks('test/travel', 'A trip to Rome');
  const items = page.getByRole('list', { name: 'Waiting for you' }).getByRole('listitem');
  await items.first().getByText('Which flight shall it be?').waitFor();
  const second = await asks('test/asks', 'Some paint');
  await items.nth(1).waitFor();
  expect(await items.evaluateAll((all) => all.map((one) => one.getAttribute('data-task')))).toEqual([first, second]);
  await page.getByRole('navigation').getByLabel('2 waiting for you').waitFor();
  await until(async () => (await page.title()).includes('2 need you'), { what: 'the title to say that two need you' });

  // What a child asks is its root's question: once, not twice.
  const booker = await begin(server.url, 'test/booker', 'A trip to Oslo', await openSession(server.url, 'Oslo'));
  await reaches(server.url, booker, 'INPUT_REQUIRED');
  await items.nth(2).getByText('A trip to Oslo').waitFor();
  expect(await items.count()).toBe(3);

  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test.each([390, 1440])(
  'what waits for the program of a client is shown apart and not counted, %i px wide',
  async (width) => {
    const id = await asks('test/opens-page', 'Open the orders');
    const { page, problems, close } = await openConsole(server.url, '/inbox', { width });
    const programs = page.getByRole('list', { name: 'Waiting for programs' });
    await programs.locator(`[data-task="${id}"]`).getByText('It asks its client to run: open_page.').waitFor();
    expect(await page.getByRole('list', { name: 'Waiting for you' }).locator(`[data-task="${id}"]`).count()).toBe(0);
    expect(await problemsInBothSchemes(page)).toEqual([]);
    await programs.getByRole('link', { name: 'Open the orders' }).click();
    const question = page.getByRole('region', { name: 'Waiting for a client program' });
    await question.getByText('You have nothing to do.').waitFor();
    expect(await question.getByRole('textbox').count()).toBe(0);
    expect(await problemsInBothSchemes(page)).toEqual([]);
    // Whoever stands in for the program that has gone sees what it was asked.
    await question.getByRole('button', { name: 'Answer by hand' }).click();
    await question.getByText('"path": "/orders"').waitFor();
    await question.getByRole('textbox').fill('{"call-1":{"output":"opened"}}');
    await question.getByRole('button', { name: 'Send answer' }).click();
    await page.getByRole('status').getByText('Completed').waitFor();
    expect(problems).toEqual([]);
    await close();
  },
);

test('the inbox is worked through by keyboard alone', async () => {
  const { page, problems, close } = await openConsole(server.url, '/overview');
  await page
    .getByRole('navigation')
    .getByLabel(/waiting for you/)
    .waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.waitForURL(/\/inbox$/);
  const items = page.getByRole('list', { name: 'Waiting for you' }).getByRole('listitem');
  await items.first().waitFor();
  const count = await items.count();
  await page.keyboard.press('j');
  expect(await items.nth(0).getAttribute('data-selected')).not.toBeNull();
  await page.keyboard.press('j');
  await items.nth(1).and(page.locator('[data-selected]')).waitFor();
  await page.keyboard.press('k');
  await items.nth(0).and(page.locator('[data-selected]')).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('BA 117');
  // What is typed is no shortcut; Escape goes back to the list.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.value')).toBe('BA 117');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(async () => (await items.count()) < count, { what: 'the answered task to be gone' });
  expect(problems).toEqual([]);
  await close();
});

test('a held task is in the inbox with what contradicts, and is gone when it goes on', async () => {
  const deploy = async (loads: string): Promise<void> =>
    reaches(server.url, await begin(server.url, 'test/deploys', loads), 'COMPLETED');
  await deploy('load');
  const id = await asks('test/changes', 'Load the order');
  await deploy('load order');
  const { page, problems, close } = await openConsole(server.url, '/inbox');
  const item = page.getByRole('list', { name: 'Waiting for you' }).locator(`[data-task="${id}"]`);
  await item.getByRole('textbox', { name: 'Your answer' }).fill('yes');
  await item.getByRole('button', { name: 'Send answer' }).click();
  await item.getByText('The code now runs: step “load order”.', { exact: true }).waitFor();
  await item.getByText('Finished: step “load”.', { exact: true }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await deploy('load');
  await item.getByRole('button', { name: 'Try again now' }).click();
  await item.waitFor({ state: 'detached' });
  await reaches(server.url, id, 'COMPLETED');
  expect(problems).toEqual([]);
  await close();
});

test.each([390, 1440])('the inbox fits %i pixels', async (width) => {
  const { page, close } = await openConsole(server.url, '/inbox', { width });
  await page.getByRole('listitem').first().waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  await close();
});
