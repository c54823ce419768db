/** Chats in a real browser: memory, streams that go on, questions, files, and agents that try to harm. */
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { begin, found } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** The server gets it, and the browser is never told. */
async function loseTheAnswer(page: Page): Promise<void> {
  const refused = page.getByText('The server cannot be reached right now.');
  await page.route(
    /\/agents\/.*\/tasks$/,
    async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await refused.waitFor();
}

/** Sessions are not read any more once one was told of its branches, until the function is called that it gives. */
async function holdSessions(page: Page): Promise<() => void> {
  let told = false;
  let readAgain = (): void => undefined;
  const held = new Promise<void>((resolve) => (readAgain = resolve));
  await page.route(/\/sessions\/[0-9a-f-]{36}$/, async (route) => {
    const asked = route.request();
    if (asked.method() === 'GET' && told) await held;
    told ||= asked.postData()?.includes('branches:v1') ?? false;
    await route.continue();
  });
  return readAgain;
}

test('an agent remembers what was said, also after the page was loaded again', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=context/assistant');
  const text = 'My dog is called Rex.';
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await loseTheAnswer(page);
  await say(page, text);
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  const answers = page.getByRole('article', { name: /^context\/assistant/ });
  await answers.first().waitFor();
  await page.reload();
  await answers.first().waitFor();
  await page.getByRole('article', { name: /^You/ }).getByText('My dog is called Rex.').waitFor();
  await say(page, 'What is my dog called?');
  await answers.nth(1).getByText(/Rex/).first().waitFor();
  expect(await page.getByRole('article').count()).toBe(4);
  // What was sent again, as no answer had come, was said once.
  expect(await found(server.url, 'sessions?q=dog', 'sessions')).toHaveLength(1);
  expect(await found(server.url, 'tasks?q=dog', 'tasks')).toHaveLength(2);
  expect(problems).toEqual([]);
  await close();
});

test('a message is edited in its place, nothing happens before it is sent, and both ways stay', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=function/echo');
  const articles = page.getByRole('article');
  const sessions = async (): Promise<number> =>
    ((await found(server.url, 'sessions?q=Herons', 'sessions')) as unknown[]).length;
  await page.locator('input[type=file]').setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Notes of the day'),
  });
  for (const [index, text] of ['Herons fly', 'Storks clatter'].entries()) {
    await say(page, text);
    await articles.nth(index * 2 + 1).waitFor();
  }
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  const original = page.url();
  // An edit that is given up leaves nothing behind.
  const first = articles.nth(0);
  await first.hover();
  expect(await accessibilityProblems(page)).toEqual([]);
  await first.getByRole('button', { name: 'Edit message' }).click();
  const correction = page.getByRole('textbox', { name: 'Edit your message' });
  expect(await correction.inputValue()).toBe('Herons fly');
  await correction.fill('Something else');
  await page.keyboard.press('Escape');
  await first.getByText('Herons fly').waitFor();
  expect(await sessions()).toBe(1);
  expect(page.url()).toBe(original);

  // The first message, with its file.
  await first.getByRole('button', { name: 'Edit message' }).click();
  await correction.fill('Herons wade');
  await page.getByRole('button', { name: 'Remove notes.txt' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await correction.press('Enter');
  await page.waitForURL((url) => url.href !== original);
  await page
    .getByRole('article', { name: /^function\/echo/ })
    .getByText('Herons wade')
    .waitFor();
  await articles
    .nth(0)
    .getByRole('button', { name: /notes\.txt/ })
    .waitFor();
  expect(await articles.count()).toBe(2);
  expect(await sessions()).toBe(2);

  // There and back again.
  const ways = page.getByRole('group', { name: 'Versions of this message' });
  await ways.getByText('2/2').waitFor();
  await ways.getByRole('button', { name: 'Previous version' }).click();
  await page.getByText('Storks clatter').first().waitFor();
  expect(page.url().split('?')[0]).toBe(original.split('?')[0]);
  await ways.getByText('1/2').waitFor();

  // The second one, by the keyboard alone. Both ways stand with its answer, before the session has been read again.
  const readAgain = await holdSessions(page);
  const second = articles.nth(2);
  await second.getByRole('button', { name: 'Edit message' }).focus();
  await page.keyboard.press('Enter');
  await correction.fill('Storks walk');
  await page.keyboard.press('Enter');
  await page
    .getByRole('article', { name: /^function\/echo/ })
    .getByText('Storks walk')
    .waitFor();
  expect(await articles.count()).toBe(4);
  expect(await page.getByText('Storks clatter').count()).toBe(0);
  expect(await ways.count()).toBe(2);
  readAgain();
  expect(problems).toEqual([]);
  await close();
});

test('a conversation goes another way from an answer on, and an answer is asked for again', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=function/echo');
  const articles = page.getByRole('article');
  await say(page, 'Owls hoot');
  await articles.nth(1).getByText('Owls hoot').waitFor();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  const original = page.url();
  await articles.nth(1).getByRole('button', { name: 'Regenerate' }).click();
  await page.waitForURL((url) => url.href !== original);
  await page.getByRole('group', { name: 'Versions of this message' }).getByText('2/2').waitFor();
  await articles.nth(1).getByText('Owls hoot').waitFor();
  expect(await articles.count()).toBe(2);
  await articles.nth(1).getByRole('button', { name: 'Fork from here' }).click();
  await page.getByRole('heading', { name: 'Fork of Owls hoot' }).waitFor();
  await articles.nth(1).waitFor();
  expect(await articles.count()).toBe(2);
  // A fork is a conversation of its own.
  expect(await page.getByRole('group', { name: 'Versions of this message' }).count()).toBe(0);
  await articles.nth(1).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Raw' }).click();
  await page.getByRole('dialog').getByText('"messageId"').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a failure leaves what was written, says why, and is tried again', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/drafts');
  await say(page, JSON.stringify({ fail: true }));
  const articles = page.getByRole('article');
  const letter = page.getByRole('region', { name: 'letter.md' });
  await letter.getByText('The final text').waitFor();
  await page.getByText('The printer is on fire').waitFor();
  await page.getByRole('note').getByText('Failed', { exact: true }).waitFor();
  await letter.getByRole('button', { name: 'Earlier versions: letter.md' }).click();
  await letter.getByRole('button', { name: 'Version 3 of 3 of letter.md' }).click();
  await page.getByRole('menuitem', { name: 'Version 2' }).click();
  await letter.getByText('The second draft').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await articles.nth(2).getByText('The printer is on fire').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('what is open in an artifact stays open when the message comes that its task ends with', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/drafts');
  let comes = false;
  await page.route(/\/sessions\/[^/]+\/messages/, async (route) => {
    const response = await route.fetch();
    const { messages, ...rest } = (await response.json()) as { messages: { message: { role: string } }[] };
    const there = messages.filter(({ message: { role } }) => comes || role === 'ROLE_USER');
    await route.fulfill({ response, json: { ...rest, messages: there } });
  });
  await say(page, JSON.stringify({ fail: true }));
  await page.getByRole('note').getByText('The printer is on fire').waitFor();
  const letter = page.getByRole('region', { name: 'letter.md' });
  await letter.getByRole('button', { name: 'Earlier versions: letter.md' }).click();
  await letter.getByRole('button', { name: 'Version 3 of 3 of letter.md' }).click();
  await page.getByRole('menuitem', { name: 'Version 2' }).waitFor();
  comes = true;
  await begin(server.url, 'function/echo', 'hello', page.url().match(/[0-9a-f-]{36}/)?.[0]);
  await page.getByRole('article').nth(1).getByText('The printer is on fire').waitFor();
  await page.getByRole('menuitem', { name: 'Version 2' }).click();
  await letter.getByText('The second draft').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('an answer that is being written goes on when the page is loaded again, and when the server dies', async () => {
  const words = 30;
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/slow-writer');
  await say(page, JSON.stringify({ words, delayMs: 150 }));
  await page.getByText(/word3 /).waitFor();
  await page.reload();
  await page.getByText(/word6 /).waitFor();
  await server.kill('SIGKILL');
  await page.locator('[data-connection=lost]').waitFor();
  expect(await page.getByText(/word6 /).count()).toBe(1);
  server = await startConsoleServer(server.env);
  await page
    .getByRole('article', { name: /^test\/slow-writer/ })
    .getByText('Written.')
    .waitFor();
  const written = Array.from({ length: words }, (_, index) => `word${index + 1}`).join(' ');
  await page.getByRole('region', { name: 'letter.md' }).getByText(written).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('stop ends the task, and what was written stays', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/slow-writer');
  await page.setViewportSize({ width: 360, height: 480 });
  await say(page, JSON.stringify({ words: 1_000, delayMs: 20 }));
  const toTheEnd = 'document.documentElement.scrollHeight - innerHeight - scrollY';
  await page.getByText(/word60 /).waitFor();
  await until(async () => (await page.evaluate<number>(toTheEnd)) < 8, { what: 'the end of the answer to be in view' });
  // Whoever reads further up is left there.
  await page.evaluate('scrollTo(0, 0)');
  await page.getByText(/word90 /).waitFor();
  expect(await page.evaluate('scrollY')).toBe(0);
  // As people press: the answer grows meanwhile, and the button stays below the pointer.
  await page.getByRole('button', { name: 'Stop' }).click({ delay: 300 });
  await page.getByText('Stopped').waitFor();
  await page.getByText(/word90 /).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a question is answered in the chat, by a form', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/asks');
  await say(page, 'I would like some');
  await page.getByRole('combobox', { name: 'Colour' }).click();
  await page.getByRole('option', { name: 'red' }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill('2');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send answer' }).click();
  await page.getByText('2 × red').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('files go with a message, and another agent takes part in the same session', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=function/echo');
  await page.locator('input[type=file]').setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Notes of the day'),
  });
  await say(page, 'Keep these');
  await page
    .getByRole('article', { name: /^You/ })
    .getByRole('button', { name: /notes\.txt \(16 B\)/ })
    .waitFor();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  await page.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: 'context/assistant' }).click();
  await say(page, 'And you?');
  await page.getByRole('article', { name: /^context\/assistant/ }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('nothing that an agent says in a chat runs or is loaded', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/hostile');
  await say(page, '<img src=x onerror="window.harmed = 1">');
  await page.getByText('Waiting for your answer').waitFor();
  expect(await page.evaluate('window.harmed')).toBe(undefined);
  expect(await page.locator('main img:not([src^="blob:"])').count()).toBe(0);
  expect(await page.locator('main :is(script, iframe, [onerror], [onload], a[href^="javascript"])').count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('a chat is accessible in %s, and fits 360 pixels', async (colourScheme) => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=context/assistant', {
    colourScheme,
    width: 360,
  });
  await say(page, '# Hello\n\n- one\n- two\n\n`code` and [a link](https://example.com/)');
  await page.getByRole('article', { name: /^context\/assistant/ }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
  await close();
});
