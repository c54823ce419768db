/** What is reached from every page, in a real browser: palette, shortcuts, and word of tasks while nobody looks. */
import { beforeAll, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test.each(['light', 'dark'] as const)(
  'the palette finds pages, agents, tasks, sessions and actions, in %s',
  async (colourScheme) => {
    const session = await openSession(server.url, `About cranes in the ${colourScheme}`);
    const id = await begin(server.url, 'function/echo', `They dance in the ${colourScheme}`, session);
    await reaches(server.url, id, 'COMPLETED');
    const { page, problems, close } = await openConsole(server.url, '/agents', { colourScheme });
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    const input = page.getByRole('combobox', { name: 'Search and commands' });
    const open = async (text: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await input.fill(text);
    };
    await open(`dance in the ${colourScheme}`);
    await page.getByRole('option', { name: `About cranes in the ${colourScheme}` }).waitFor();
    await page.getByRole('option', { name: id.slice(-6) }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    // What was found for other words is not there to be chosen.
    await input.fill('cranes that sing');
    expect(await page.getByRole('option').count()).toBe(0);
    await page.keyboard.press('Escape');
    await input.waitFor({ state: 'detached' });

    await open('sessi');
    await page.getByRole('option', { name: 'Sessions' }).and(page.locator('[data-combobox-selected]')).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/sessions/);
    const menu = page.getByRole('button', { name: `Actions for About cranes in the ${colourScheme}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    const title = page.getByRole('dialog').getByRole('textbox', { name: 'Title' });
    await title.fill('Half of a title');
    await page.keyboard.press('Control+k');
    expect(await input.count()).toBe(0);
    expect(await title.inputValue()).toBe('Half of a title');
    await page.keyboard.press('Escape');
    await title.waitFor({ state: 'detached' });
    await hasFocus(menu);
    await open('nothing');
    await page.keyboard.press('Escape');
    await input.waitFor({ state: 'detached' });
    await hasFocus(menu);
    await open('test/asks');
    await page.getByRole('option', { name: 'test/asks' }).click();
    await page.waitForURL(/\/chat\?agent=test/);
    // It takes the focus when it appears.
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await open(colourScheme === 'light' ? 'appearance: dark' : 'appearance: light');
    await page.getByRole('option', { name: 'Appearance:' }).and(page.locator('[data-combobox-selected]')).waitFor();
    await page.keyboard.press('Enter');
    await page.locator(`[data-mantine-color-scheme=${colourScheme === 'light' ? 'dark' : 'light'}]`).waitFor();
    expect(problems).toEqual([]);
    await close();
  },
);

test('keys lead to pages and to the search, not while one writes, and can be turned off', async () => {
  const { page, problems, close } = await openConsole(server.url, '/agents');
  await page.getByRole('heading', { name: 'Agents' }).waitFor();
  await page.keyboard.type('gs');
  await page.waitForURL(/\/console\/sessions/);
  const search = page.getByRole('textbox', { name: 'Search titles and messages' });
  await search.waitFor();
  await page.keyboard.type('/');
  await page.keyboard.type('gt?n');
  expect(await search.inputValue()).toBe('gt?n');
  const link = page.getByRole('link', { name: 'Settings' });
  await link.focus();
  await page.keyboard.type('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('Go to Tasks').waitFor();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await accessibilityProblems(page)).toEqual([]);
  }
  await sheet.getByRole('switch', { name: 'Single-key shortcuts' }).uncheck({ force: true });
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await hasFocus(link);
  await page.keyboard.type('n?gt');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('shortcuts');
  await page.getByRole('option', { name: 'Keyboard' }).and(page.locator('[data-combobox-selected]')).waitFor();
  await page.keyboard.press('Enter');
  await sheet.getByRole('switch').check({ force: true });
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await hasFocus(link);
  expect(page.url()).toContain('/console/sessions');
  await page.keyboard.type('n');
  await page.waitForURL(/\/console\/chat/);
  expect(problems).toEqual([]);
  await close();
});

async function hasFocus(element: Locator): Promise<void> {
  await until(() => element.evaluate((one) => one === document.activeElement), {
    what: 'the focus to be where it was',
  });
}

/** The browser of these tests shows every page at once: that this one is not looked at has to be said. */
async function look(page: Page, at: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !at);
}

test('the tab counts tasks that end or ask while nobody looks, and the browser tells of them to who wants that', async () => {
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  // A browser without a window has no notifications; what it is told stands in `told`.
  await page.evaluate(() => {
    const told: string[] = [];
    class Notification extends EventTarget {
      static permission = 'default';
      static requestPermission(): Promise<string> {
        this.permission = 'granted';
        return Promise.resolve(this.permission);
      }
      constructor(title: string) {
        super();
        told.push(title);
      }
    }
    Object.assign(window, { Notification, told });
  });
  const told = (): Promise<readonly string[]> => page.evaluate<readonly string[]>('window.told');
  await page.locator('[data-connection=open]').waitFor();
  await look(page, false);
  await reaches(server.url, await begin(server.url, 'test/asks', 'go'), 'INPUT_REQUIRED');
  await until(async () => (await page.title()).startsWith('(1) '), { what: 'the title to begin with (1) ' });
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toMatch(/^blob:/);
  expect(await told()).toEqual([]);

  await look(page, true);
  await until(async () => (await page.title()).startsWith('Tasks'), { what: 'the title to begin with Tasks' });
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toMatch(/icon\.svg$/);
  await page.getByRole('link', { name: 'Settings' }).click();
  const wanted = page.getByRole('switch', { name: 'Notify me in the browser' });
  await wanted.check({ force: true });
  await page.waitForFunction(() => localStorage.getItem('continuo-notifications') === 'on');
  await look(page, false);
  // Its children end as well; they are no business of the user's.
  const parent = await begin(server.url, 'test/parent', 'go');
  await reaches(server.url, parent, 'WORKING');
  await fetch(`${server.url}/tasks/${parent}:cancel`, { method: 'POST' });
  await until(async () => (await page.title()).startsWith('(1) '), { what: 'the title to begin with (1) ' });
  expect(await told()).toEqual(['test/parent: Cancelled']);
  expect(problems).toEqual([]);
  await close();
});
