/** Addresses that are no text, searches for signs alone, and names that turn the direction of writing. */
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { call } from '../../../server/test/support/http-calls.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

const TURNED = 'Invoice \u202Efdp.exe';

test('an address with malformed escapes is a page that is not there', async () => {
  const server = await startConsoleServer();
  for (const path of ['/tasks/%E0%A4%A', '/%FF', '/agents/%C3/x%', '/chat/%E0%A4%A?agent=%E0']) {
    const { page, problems, close } = await openConsole(server.url, path);
    await page.getByRole('navigation').first().waitFor();
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('main').getByRole('link').first().waitFor();
    expect([path, problems.filter((problem) => !/status of 40[04]/.test(problem))]).toEqual([path, []]);
    await close();
  }
});

test('a search for signs alone finds no task to do anything with, and no session', async () => {
  const server = await startConsoleServer();
  const id = await begin(server.url, 'function/countdown', { steps: 1_000, delayMs: 1_000 });
  await reaches(server.url, id, 'WORKING');
  const { page, problems, close } = await openConsole(server.url, '/tasks?q=!!!');
  await page.getByText('No tasks match these filters').waitFor();
  expect(await page.getByRole('checkbox', { name: 'Select the task of' }).count()).toBe(0);
  await page.goto(`${server.url}/console/sessions?q=%F0%9F%8E%89`);
  await page.getByText('No sessions match').waitFor();
  expect(problems).toEqual([]);
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  await close();
});

test('a title that turns the direction of writing turns neither the tab nor the sentence around it', async () => {
  const server = await startConsoleServer();
  const session = await openSession(server.url, TURNED);
  const { page, problems, close } = await openConsole(server.url, `/chat/${session}`);
  const title = 'Invoice fdp.exe · Continuo';
  await until(async () => (await page.title()) === title, { what: `the tab to be called ${title}` });
  await page.goto(`${server.url}/console/sessions`);
  await page.getByRole('button', { name: 'Actions for' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Deletes “Invoice fdp.exe” with its messages').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('each paragraph of an answer is written in its own direction', async () => {
  const server = await startConsoleServer();
  const id = await begin(server.url, 'function/echo', 'שלום world 123!\n\nHello world!');
  await reaches(server.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=artifacts`);
  await page.getByText('Hello world!').last().waitFor();
  const sides = await sidesOfSigns(page);
  expect(sides).toEqual(['left', 'right']);
  expect(problems).toEqual([]);
  await close();
});

test('nothing is wider than a window of 320 pixels, also in German', async () => {
  const server = await startConsoleServer();
  const session = await openSession(server.url, 'Invoices of the third quarter, and who has not paid them yet');
  const id = await begin(server.url, 'function/countdown', { steps: 1_000, delayMs: 1_000 });
  await reaches(server.url, id, 'WORKING');
  const paths = [
    '/overview',
    '/inbox',
    '/agents',
    '/agents/function/countdown',
    '/tasks',
    `/tasks/${id}`,
    '/sessions',
    `/chat/${session}`,
    '/marketing',
    '/webhooks',
    '/webhooks/deliveries',
    '/settings',
  ];
  for (const locale of ['en-US', 'de-DE']) {
    const { page, problems, close } = await openConsole(server.url, '/', { width: 320, height: 700, locale });
    for (const path of paths) {
      await page.goto(`${server.url}/console${path}`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      await until(
        async () =>
          (await page
            .locator('main [aria-busy=true], main .mantine-Loader-root, main .mantine-Skeleton-root')
            .count()) === 0,
        { what: 'the page to have loaded' },
      );
      expect([locale, path, await tooLarge(page)]).toEqual([locale, path, []]);
    }
    expect(problems).toEqual([]);
    await close();
  }
  await call('POST', `${server.url}/tasks/${id}:cancel`);
});

/** What reaches beyond the window or its own box, unless it lies in something that scrolls or is cut off. */
function tooLarge(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isOwnAffair = (element: Element | null): boolean => {
      if (element === null || element.matches('main, :has(main)')) return false;
      return getComputedStyle(element).overflowX !== 'visible' || isOwnAffair(element.parentElement);
    };
    const all = [...document.body.querySelectorAll('*')];
    const tooWide = all.filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 1 && !isOwnAffair(element.parentElement),
    );
    const spilt = all.filter(
      (box) =>
        box.matches('section, button, .panel') &&
        box.clientHeight > 0 &&
        (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1),
    );
    return [...tooWide, ...spilt].map((element) => `${element.tagName} ${element.className}`.slice(0, 80));
  });
}

/** On which side of its paragraph's text the exclamation mark at its end stands, in the panel. */
function sidesOfSigns(page: Page): Promise<readonly string[]> {
  return page.getByRole('tabpanel').evaluate((panel) =>
    [...panel.querySelectorAll('.document p')].map((paragraph) => {
      const text = paragraph.firstChild as Text;
      const range = document.createRange();
      range.selectNodeContents(text);
      const whole = range.getBoundingClientRect();
      range.setStart(text, text.data.length - 1);
      const sign = range.getBoundingClientRect();
      return sign.left - whole.left < whole.right - sign.right ? 'left' : 'right';
    }),
  );
}
