/** Questions in a chat, in a real browser: they stand where they are asked, and the box answers them. */
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { at, call } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

const box = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

async function tasksOf(page: Page): Promise<readonly unknown[]> {
  const id = page.url().split('/chat/')[1]?.split('?')[0] ?? '';
  const { body } = await call('GET', `${server.url}/tasks?sessionId=${id}`);
  return at(body, 'tasks') as readonly unknown[];
}

test('what is typed into the box answers the task that waits, which is no longer said to work', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/travel');
  await say(page, 'A trip to Rome');
  const chip = page.getByText('Answering: Which flight shall it be?');
  await chip.waitFor();
  await page.getByText('Which flight shall it be?', { exact: true }).waitFor();
  // Asked once, by the agent; nothing is working, and nothing is there to be stopped.
  expect(await page.getByText('Which flight shall it be?', { exact: true }).count()).toBe(1);
  expect(await page.getByText(/is working|is at work/).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  await page.getByText('Waiting for your answer').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await say(page, 'BA 117, 2 seats please');
  await page.getByText('Booked BA 117, 2 seats please.').first().waitFor();
  await chip.waitFor({ state: 'detached' });
  expect(await tasksOf(page)).toHaveLength(1);
  expect(problems).toEqual([]);
  await close();
});

test('what looks like data answers a question for text as it was typed', async () => {
  const { page, close } = await openConsole(server.url, '/chat?agent=test/travel');
  await say(page, 'A trip to Rome');
  await page.getByText(/^Answering: /).waitFor();
  await say(page, '{"flight": 117}');
  await page.getByText('Booked {"flight": 117}.').first().waitFor();
  expect(await tasksOf(page)).toHaveLength(1);
  await close();
});

test('a new task is begun instead by whoever says so, and the question can still be answered', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/travel');
  await say(page, 'A trip to Rome');
  await page.getByText(/^Answering: /).waitFor();
  await page.getByRole('button', { name: 'Start a new task instead' }).click();
  await page.getByText(/^Answering: /).waitFor({ state: 'detached' });
  await say(page, 'A trip to Oslo');
  // Two wait now: nothing is sent before it is said for which of them it is.
  const choice = page.getByRole('radiogroup', { name: 'This message is for' });
  await choice.waitFor();
  expect(await choice.getByRole('radio').count()).toBe(3);
  expect(await accessibilityProblems(page)).toEqual([]);
  await say(page, 'SK 4');
  await page.getByText('Choose whether this message answers').waitFor();
  expect(await box(page).inputValue()).toBe('SK 4');
  await choice.locator('label').nth(1).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Booked SK 4.').first().waitFor();
  await page.getByText(/^Answering: /).waitFor();
  await say(page, 'AZ 9');
  await page.getByText('Booked AZ 9.').first().waitFor();
  const asked = (await tasksOf(page)).map((task) => at(task, 'metadata', 'urn:continuo:a2a:progress:v1', 'title'));
  expect(new Set(asked)).toEqual(new Set(['A trip to Oslo', 'A trip to Rome']));
  expect(asked).toHaveLength(2);
  expect(problems).toEqual([]);
  await close();
});

test('an answer in the box that does not fit says what is wrong, and the form stays', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/asks');
  await say(page, 'I would like some');
  await page.getByText('Answering: Which one, and how many?').waitFor();
  expect(await page.getByText('Which one, and how many?', { exact: true }).count()).toBe(1);
  await say(page, 'two red ones');
  await page.getByText(/expected a data part that fits the schema/).waitFor();
  expect(await box(page).inputValue()).toBe('two red ones');
  await page.getByRole('combobox', { name: 'Colour' }).waitFor();
  await say(page, '{"colour": "red", "amount": 0}');
  await page.getByText(/message\.parts\[0\]\.data\.amount/).waitFor();
  await say(page, '{"colour": "red", "amount": 2}');
  await page.getByText('2 × red').first().waitFor();
  expect(problems.filter((problem) => !problem.includes('status of 400'))).toEqual([]);
  await close();
});

test('a question of a delegated task stands behind all that was said below it', async () => {
  const session = await openSession(server.url, 'Delegated');
  const id = await begin(server.url, 'test/booker', 'A trip to Rome', session);
  await reaches(server.url, id, 'INPUT_REQUIRED');
  const asides = async (): Promise<number> => {
    const { body } = await call('GET', `${server.url}/sessions/${session}/messages`);
    return JSON.stringify(body).split('All asides are said.').length - 1;
  };
  await until(async () => (await asides()) > 0, { what: 'the other child to have said everything' });
  const { page, problems, close } = await openConsole(server.url, `/chat/${session}`);
  const waits = page.getByRole('log').getByText('Waiting for your answer');
  await waits.waitFor();
  // What the others say is work on the way, and no message.
  expect(await page.getByText('All asides are said.').count()).toBe(0);
  await page.getByText('7 messages from 3 agents').click();
  await page.getByText('All asides are said.').first().waitFor();
  await page.getByText('Which flight shall it be?', { exact: true }).last().waitFor();
  const below = await page.evaluate<number>(`(() => {
    const live = document.querySelector('[data-live]');
    return [...document.querySelectorAll('article')].filter(
      (said) => live.compareDocumentPosition(said) & Node.DOCUMENT_POSITION_FOLLOWING,
    ).length;
  })()`);
  expect(below).toBe(0);
  await say(page, 'AZ 9');
  await page.getByText('Booked AZ 9.').first().waitFor();
  await reaches(server.url, id, 'COMPLETED');
  expect(problems).toEqual([]);
  await close();
});
