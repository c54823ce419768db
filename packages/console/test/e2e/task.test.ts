/** One task in a real browser: its log across a crash of the server, its question, what is large and what is hostile. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { call } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('the server is killed and started again under an open page: it goes on, with every event once', async () => {
  const steps = 40;
  const { page, problems, close } = await openConsole(server.url, '/agents');
  // Slow enough to be killed on its way, however long the page takes to show it.
  const id = await begin(server.url, 'function/countdown', { steps, delayMs: 300 });
  const streams: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.endsWith('/events') && search !== '?follow=false') streams.push(pathname);
  });
  await page.goto(`${server.url}/console/tasks/${id}?view=events`);
  await page
    .getByRole('list', { name: 'Events' })
    .getByText(/Counted \d+ of 40/)
    .first()
    .waitFor();
  await server.kill('SIGKILL');
  await page.locator('[data-connection=lost]').waitFor();
  server = await startConsoleServer(server.env);
  await page.locator('[data-connection=open]').waitFor();
  await page.getByRole('main').getByText('Completed').first().waitFor();
  // Submitted, working, one for each step, the artifact, completed.
  await page.locator(`[data-events="${steps + 4}"]`).waitFor();
  // Steps that are still being read would move the list under who scrolls.
  await page.getByText(`${steps + 4} events · ${steps} steps`).waitFor();
  await page.getByRole('button', { name: 'Show 40 updates' }).click();
  const shown = await allEntries(page);
  const counted = shown.flatMap((text) => /Counted (\d+) of/.exec(text)?.[1] ?? []).map(Number);
  expect(counted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
  // One stream a tab: it is opened again, and no other beside it.
  expect([...new Set(streams)]).toEqual(['/tasks/events']);
  expect(problems).toEqual([]);
  await close();
});

test('what happened while the event stream could not be opened is read as soon as it is', async () => {
  const id = await begin(server.url, 'test/asks', 'go');
  await reaches(server.url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(server.url, '/agents');
  await page.route('**/tasks/events', (route) => route.abort('connectionrefused'));
  await page.goto(`${server.url}/console/tasks/${id}?view=timeline`);
  const events = page.getByRole('list', { name: 'Events' });
  await events.getByText('how many').waitFor();
  await page.locator('[data-connection=lost]').waitFor();
  const message = { messageId: randomUUID(), taskId: id, parts: [{ data: { colour: 'red', amount: 2 } }] };
  await call('POST', `${server.url}/agents/test/asks/tasks`, { body: { message } });
  await reaches(server.url, id, 'COMPLETED');
  await page.unroute('**/tasks/events');
  await events.getByText('2 × red').waitFor();
  await page.getByRole('status').getByText('Completed').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a question is a form made of its schema, and the answer goes to the agent', async () => {
  const id = await begin(server.url, 'test/asks', 'go');
  await reaches(server.url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}`);
  await page.getByText('how many').first().waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send answer' }).click();
  await page.getByText('Please fill this in').first().waitFor();
  await page.getByRole('combobox', { name: 'Colour' }).click();
  await page.getByRole('option', { name: 'blue' }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill('3');
  await page.getByRole('switch', { name: 'Gift' }).check({ force: true });
  await page.getByRole('button', { name: 'Send answer' }).click();
  await page.getByText('3 × blue, as a gift').first().waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('earlier versions of an artifact are there to be read and kept, and steps and attempts among the events', async () => {
  const id = await begin(server.url, 'test/drafts', { fail: true });
  await reaches(server.url, id, 'FAILED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=artifacts`);
  const letter = page.getByRole('region', { name: 'letter.md' });
  await letter.getByText('The final text').waitFor();
  await letter.getByRole('button', { name: 'Version 3 of 3 of letter.md' }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Version 1' }).click();
  await letter.getByText('The first draft').waitFor();
  const download = page.waitForEvent('download');
  await letter.getByRole('button', { name: 'Download: letter.md' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe('The first draft');

  await page.getByRole('tab', { name: 'Events' }).click();
  const events = page.getByRole('list', { name: 'Events' });
  await events.getByText('write draft 2').waitFor();
  await events.getByText('letter.md (Version 3)').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('menuitem', { name: 'Retry from the start' }).click();
  await events.getByText('Attempt 2').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a tree is shown with its children, and cancelled with them', async () => {
  const id = await begin(server.url, 'test/parent', 'go');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=children`);
  const branches = page.locator('[data-branch]');
  await branches.nth(2).waitFor();
  await page.getByRole('button', { name: 'Cancel task' }).click();
  await page.getByText('1 task will be cancelled, and 2 of their children with them.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel task' }).click();
  await page.locator('[data-branch] [data-state=CANCELED]').nth(2).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('ten thousand events and a megabyte are shown in part, and the page stays small', async () => {
  const flood = await begin(server.url, 'test/flood', { events: 10_000 });
  const { page, problems, close } = await openConsole(server.url, `/tasks/${flood}?view=events`);
  await page.locator('[data-events="10004"]').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Show 10,000 updates' }).click();
  await page.getByText('Event 9999').waitFor();
  expect(await page.getByRole('listitem').count()).toBeLessThan(100);
  const list = page.getByRole('list', { name: 'Events' });
  await list.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
  await list.getByText('Submitted').waitFor();
  expect(await page.getByRole('listitem').count()).toBeLessThan(100);

  const large = await begin(server.url, 'test/large', 'go');
  await page.goto(`${server.url}/console/tasks/${large}?view=artifacts`);
  await page.getByText('of 1.0 MB.').waitFor();
  const characters = (await page.locator('body').textContent())?.length ?? 0;
  expect(characters).toBeLessThan(150_000);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download: large.txt' }).click();
  expect((await download).suggestedFilename()).toBe('large.txt');
  expect(problems).toEqual([]);
  await close();
});

test.each(['events', 'artifacts', 'conversation', 'raw'])(
  'nothing that an agent says runs or is loaded: %s',
  async (view) => {
    const id = await begin(server.url, 'test/hostile', '<img src=x onerror="window.harmed = 1">');
    await reaches(server.url, id, 'INPUT_REQUIRED');
    const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=${view}`);
    await page.getByText('Waiting for your answer').waitFor();
    await page.getByText('window.harmed').or(page.getByText('pixel')).first().waitFor();
    expect(await page.evaluate('window.harmed')).toBe(undefined);
    const dangerous = page.locator(
      'main :is(script, iframe, object, embed, style:not([data-mantine-styles]), [onerror], [onload], a[href^="javascript"])',
    );
    expect(await dangerous.count()).toBe(0);
    expect(await page.locator('main img:not([src^="blob:"])').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  },
);

test.each(['light', 'dark'] as const)('a task is accessible in %s, its menu included', async (colourScheme) => {
  const id = await begin(server.url, 'function/countdown', { steps: -1 });
  await reaches(server.url, id, 'FAILED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}`, { colourScheme });
  await page.getByText('Why it failed').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('menuitem', { name: 'Retry from the start' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Retry from the start' }).click();
  await page.getByText('Attempt 2').first().waitFor();
  expect(problems).toEqual([]);
  await close();
});

/** Every entry of the log, read while scrolling through it. */
async function allEntries(page: Page): Promise<readonly string[]> {
  const list = page.getByRole('list', { name: 'Events' });
  const seen = new Map<string, string>();
  const height = await list.evaluate((box) => box.scrollHeight);
  for (let top = 0; top <= height; top += 400) {
    const shown = await list.evaluate(async (box, to) => {
      box.scrollTo({ top: to });
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return [...box.querySelectorAll('[data-index]')].map((item) => [
        item.getAttribute('data-index') ?? '',
        item.textContent ?? '',
      ]);
    }, top);
    for (const [index = '', text = ''] of shown) seen.set(index, text);
  }
  return [...seen.values()];
}

/** How far a row of the tree says that its task is, as `12%`. */
async function percentIn(page: Page, id: string): Promise<string> {
  const text = await page.locator(`[data-branch="${id}"]`).innerText();
  return /\d+%/.exec(text)?.[0] ?? '';
}

test('in the tree of a task all of them go on while they work, and say what the head says', async () => {
  const id = await begin(server.url, 'test/relay', { steps: 100, delayMs: 300 });
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=children`);
  const rows = page.locator('[data-branch]');
  await rows.nth(1).waitFor();
  const [root, child] = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-branch') ?? ''));
  expect(root).toBe(id);
  const seen = { root: new Set<string>(), child: new Set<string>() };
  await until(
    async () => {
      seen.root.add(await percentIn(page, id));
      seen.child.add(await percentIn(page, child ?? ''));
      return seen.root.size > 3 && seen.child.size > 3;
    },
    { what: 'both rows to go on' },
  );
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  await page.getByRole('status').getByText('Cancelled').waitFor();
  await page.locator(`[data-branch="${child}"]`).getByText('Cancelled').waitFor();
  await until(async () => !(await page.getByRole('main').innerText()).includes(' %'), {
    what: 'no percentage any more',
  });
  expect(problems).toEqual([]);
  await close();
});

test('what failed is not shown as done, whatever its children had done', async () => {
  const id = await begin(server.url, 'test/phases', 'go');
  await reaches(server.url, id, 'FAILED');
  const { page, close } = await openConsole(server.url, `/tasks/${id}?view=children`);
  await page.locator(`[data-branch="${id}"]`).getByText('The second phase is impossible').waitFor();
  expect(await percentIn(page, id)).toBe('');
  expect(await page.getByRole('progressbar', { name: 'Progress of test/phases' }).count()).toBe(0);
  await page.goto(`${server.url}/console/tasks`);
  await page.locator(`[data-task="${id}"]`).getByText('The second phase is impossible').waitFor();
  expect(await page.locator(`[data-task="${id}"]`).getByRole('progressbar').count()).toBe(0);
  await close();
});

test('what a task waited with is not shown as what it does, once it goes on', async () => {
  const id = await begin(server.url, 'test/goes-on', 'go');
  await reaches(server.url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=children`);
  const main = page.getByRole('main');
  await main.getByText('Waiting for the colour').waitFor();
  const answer = page.getByRole('textbox', { name: 'Your answer' });
  await answer.fill('Blue, as the sea');
  await page.reload();
  await until(async () => (await answer.inputValue()) === 'Blue, as the sea', { what: 'the answer to be there again' });
  await page.getByRole('button', { name: 'Send answer' }).click();
  await page.getByRole('status').getByText('Working').waitFor();
  await main.getByText('50%').waitFor();
  // The head goes by the task's log, its row by what is heard of all tasks.
  const gone = async (): Promise<boolean> => (await main.getByText('Waiting for the colour').count()) === 0;
  await until(gone, { what: 'the stage to go, with the wait that it was said with' });
  const { body } = await call('GET', `${server.url}/tasks/${id}`);
  expect(body).toMatchObject({ metadata: { 'urn:continuo:a2a:progress:v1': { fraction: 0.5, stage: '' } } });
  await page.goto(`${server.url}/console/tasks`);
  await page.locator(`[data-task="${id}"]`).getByText('50%').waitFor();
  expect(await main.getByText('Waiting for the colour').count()).toBe(0);
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  expect(problems).toEqual([]);
  await close();
});

test('an answer that is being sent when the log of the task arrives is sent', async () => {
  const id = await begin(server.url, 'test/goes-on', 'go');
  await reaches(server.url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(server.url, '/agents');
  let letThrough = (): void => undefined;
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route(/\/tasks\/[^/]+\/events/, (route) => held.then(() => route.continue()));
  await page.goto(`${server.url}/console/tasks/${id}?view=events`);
  await page.getByRole('textbox', { name: 'Your answer' }).fill('Blue');
  const send = page.getByRole('button', { name: 'Send answer' });
  await send.hover();
  await page.mouse.down();
  const place = await send.boundingBox();
  letThrough();
  await page.getByRole('tabpanel').getByText('Waiting for the colour').waitFor();
  expect(await send.boundingBox()).toEqual(place);
  await page.mouse.up();
  await page.getByRole('status').getByText('Working').waitFor();
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  expect(problems).toEqual([]);
  await close();
});
