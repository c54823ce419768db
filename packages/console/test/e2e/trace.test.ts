/** A task's trace in a real browser: its waterfall, live and over a kill, its details, keys, and what is hostile. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call } from '../../../server/test/support/http-calls.js';
import { startOpenAiServer, type OpenAiServer } from '../../../server/test/support/openai-server.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { makeTemporaryDirectory } from '../../../server/test/support/temporary-directory.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { copiedBy } from '../support/copied-text.js';
import { begin, reaches } from '../support/sample-data.js';
import { slowDown } from '../support/slow-answer.js';
import { startTracedServer } from '../support/start-console-server.js';
import { readWholeTrace } from '../support/whole-trace.js';

/** As of a server that is busy. */
const SLOW_MS = 4_500;

let openAi: OpenAiServer;
let directory: string;
let first: ServerProcess;
let second: ServerProcess;
/** Killed in the middle, taken over, asked, answered, and failed at the end. */
let refund: string;

const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
const details = (page: Page) => page.getByRole('region', { name: 'Details' });
const answer = (id: string) =>
  call('POST', `${second.url}/agents/test/refund/tasks`, {
    body: { message: { taskId: id, parts: [{ text: 'Yes, please.' }] } },
  });

beforeAll(async () => {
  openAi = await startOpenAiServer();
  openAi.otherwise(() => ({ kind: 'answer', words: ['It ', 'is ', 'paid.'] }));
  directory = await makeTemporaryDirectory('waterfall');
  const { url } = await createTestDatabase();
  const env = {
    // Nobody but who is killed may be taken for dead.
    CONTINUO_LEASE_MS: '10000',
    CONTINUO_HEARTBEAT_MS: '300',
    CONTINUO_SWEEP_MS: '200',
    DATABASE_URL: url,
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
    CONTINUO_MODEL_API_KEY: 'sk-secret',
  };
  [first, second] = await Promise.all([startTracedServer(env), startTracedServer(env)]);
});

test('the waterfall grows while the task works, over a kill and a takeover, and says in the end what failed', async () => {
  openAi.next({ kind: 'calls', calls: [{ name: 'look_up', input: { order: 4711 } }] });
  const file = join(directory, 'gate');
  refund = await begin(first.url, 'test/refund', { order: 4711, fails: true, file });
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}`, { width: 1440 });
  await row(page, /^Step, load order, Done/).waitFor();
  await row(page, /^Branch, stock, Done/).waitFor();
  await row(page, /^Branch, fraud, Done/).waitFor();
  await row(page, /^Task, test\/refund, Running/).waitFor();
  expect(await page.getByRole('switch', { name: 'Follow' }).isChecked()).toBe(true);

  // One answer that takes long holds back none of what comes then.
  await slowDown(page, '**/trace*', SLOW_MS);
  await first.kill('SIGKILL');
  await writeFile(file, 'open');
  await row(page, /^Question, approve refund, Waiting/).waitFor();
  await row(page, /^Run, Run 1, Failed/)
    .getByText('instance lost')
    .waitFor();
  await row(page, /^Run, Run 2, Done/)
    .getByText('took over from run 1')
    .waitFor();
  await row(page, /^Step, wait for the warehouse, Done/).waitFor();
  await row(page, /^Child task, test\/clerk, Done/).waitFor();

  await answer(refund);
  await row(page, /^Step, refund payment, Failed/)
    .getByText('×3')
    .waitFor();
  await row(page, /^Task, test\/refund, Failed/).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('the details say what went in, what came out and what failed, and the address what is selected', async () => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}`, { width: 1440 });
  await row(page, /^Step, load order/).click();
  const input = details(page).getByRole('region', { name: 'Input' });
  await input.getByText('4711').waitFor();
  const output = details(page).getByRole('region', { name: 'Output' });
  await output.getByText('“Ada Lovelace”').waitFor();
  await output.getByText('Text', { exact: true }).click();
  await output.getByText('"customer": "Ada Lovelace"').waitFor();

  await page.waitForURL(/at=/);
  const before = page.url();
  await row(page, /^Step, refund payment/).click();
  await page.waitForURL((url) => url.href !== before);
  await page.reload();
  const shown = details(page);
  await shown.getByRole('heading', { name: 'refund payment' }).waitFor();
  await shown.getByText('The payment provider answered 503').first().waitFor();
  await shown.getByText('connect ECONNREFUSED 10.2.3.4:443').waitFor();
  await shown.getByText('3 attempts, all the same').waitFor();
  expect(await shown.locator('.error-frame[data-own]').first().innerText()).toContain('traced-console-server.mjs');
  const copied = await copiedBy(shown.getByRole('button', { name: 'Copy for an issue' }));
  expect(copied).toContain('Caused by Error: connect ECONNREFUSED 10.2.3.4:443');
  expect(copied).toContain(refund);
  expect(problems).toEqual([]);
  await close();
});

test('why it failed is said in a sentence, with what caused it, and leads to the step', async () => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}?view=raw`, { width: 1440 });
  const why = page.getByRole('region', { name: 'Why it failed' });
  await why.getByText(/^Refund payment failed 3 times in [\d.]+ m?s: $/).waitFor();
  await why.getByText('Caused by connect ECONNREFUSED 10.2.3.4:443').waitFor();
  expect(await why.getByText('The payment provider answered 503').locator('visible=true').count()).toBe(1);
  await why.getByText('Attempts and stack').click();
  await why.getByText('3 attempts, all the same').waitFor();
  await why.getByRole('link', { name: 'Show in trace' }).click();
  await details(page).getByRole('heading', { name: 'refund payment' }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('its log is shown by level, and leads to the step that logged', async () => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}?view=log`, { width: 1440 });
  const log = page.getByRole('list', { name: 'Log' });
  await log.getByText('Refund asked for').waitFor();
  await page.getByRole('combobox', { name: 'Level' }).click();
  await page.getByRole('option', { name: 'Warnings and errors' }).click();
  await log.getByText('Refund asked for').waitFor({ state: 'detached' });
  await log.getByText('The amount is above the limit').waitFor();
  await log.getByText('"limit":30').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('a child is opened where it was called, and read then; what is selected in it stands in the address', async () => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}`, { width: 1440 });
  const read: string[] = [];
  page.on('request', (request) => read.push(new URL(request.url()).pathname));
  const child = row(page, /^Child task, test\/clerk/);
  await child.waitFor();
  expect(await row(page, /^Tool call/).count()).toBe(0);
  expect(read.filter((path) => path.endsWith('/trace')).every((path) => path.includes(refund))).toBe(true);
  await child.locator('[data-toggle]').click();
  await row(page, /^Tool call, tool look_up, Done/).click();
  await details(page).getByRole('region', { name: 'Output' }).getByText('“paid”').waitFor();
  await page.waitForURL(/at=/);
  await page.reload();
  await details(page).getByRole('heading', { name: 'tool look_up' }).waitFor();
  await row(page, /^Model call, test-model, Done/)
    .first()
    .click();
  await details(page)
    .getByText(/\d+ in · \d+ out/)
    .waitFor();
  await child.click();
  await details(page)
    .getByRole('link', { name: /^Open task/ })
    .click();
  await page.getByRole('heading', { name: 'test/clerk', level: 1 }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a trace is read only while it is shown, and is up to date once it is shown again', async () => {
  const file = join(directory, 'another gate');
  const id = await begin(second.url, 'test/refund', { order: 4712, file });
  const { page, problems, close } = await openConsole(second.url, '/agents', { width: 1440 });
  const read: string[] = [];
  page.on('request', (request) => read.push(new URL(request.url()).pathname));
  await page.goto(`${second.url}/console/tasks/${id}?view=events`);
  const events = page.getByRole('list', { name: 'Events' });
  await events.getByText('load order').waitFor();
  expect(read.filter((path) => path.endsWith('/trace'))).toEqual([]);
  await page.getByRole('tab', { name: 'Trace' }).click();
  await row(page, /^Step, load order, Done/).waitFor();
  await page.getByRole('tab', { name: 'Events' }).click();
  await events.waitFor();
  await writeFile(file, 'open');
  await page.getByRole('status').getByText('Needs input').waitFor();
  await page.getByRole('tab', { name: 'Trace' }).click();
  await row(page, /^Step, wait for the warehouse, Done/).waitFor();
  await row(page, /^Question, approve refund, Waiting/).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('keys alone walk through the tree, open and close it, and zoom', async () => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}`, { width: 1440 });
  const tree = page.getByRole('treegrid', { name: 'Trace' });
  await row(page, /^Step, load order/).waitFor();
  await tree.focus();
  const selected = page.locator('[role=row][aria-selected=true]');
  const at = (name: RegExp) =>
    until(async () => name.test((await selected.getAttribute('aria-label')) ?? ''), { what: `to be at ${name}` });
  await page.keyboard.press('Home');
  await at(/^Task, test\/refund/);
  await page.keyboard.press('ArrowDown');
  await at(/^Run, Run 1/);
  await page.keyboard.press('ArrowLeft');
  await until(async () => (await row(page, /^Step, load order/).count()) === 0, { what: 'the run to be closed' });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await at(/^Step, load order/);
  expect(await tree.getAttribute('aria-activedescendant')).toBe(await selected.getAttribute('id'));
  await page.keyboard.press('ArrowLeft');
  await at(/^Run, Run 1/);
  await page.keyboard.press('End');
  await at(/^Step, refund payment/);
  const bar = selected.locator('.wf-bar').first();
  const before = (await bar.boundingBox())?.width ?? 0;
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  for (let n = 0; n < 12; n += 1) await page.keyboard.press('Shift+ArrowRight');
  await until(async () => ((await bar.boundingBox())?.width ?? 0) > before * 2, { what: 'the bar to be wider' });
  await page.keyboard.press('0');
  await until(async () => ((await bar.boundingBox())?.width ?? 0) < before * 1.2, { what: 'all of it to be shown' });
  await details(page).getByRole('heading', { name: 'refund payment' }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('the step that failed last is retried from its details', async () => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}`, { width: 1440 });
  await row(page, /^Step, refund payment, Failed/).click();
  await details(page).getByRole('button', { name: 'Retry from here' }).click();
  await page.getByRole('status').getByText('Failed').waitFor();
  await until(async () => (await row(page, /^Step, refund payment, Failed/).count()) === 2, {
    what: 'the step of the new attempt beside that of the first',
  });
  await page.getByText('Attempt 2').first().waitFor();
  expect(problems).toEqual([]);
  await close();
});

test.each([1440, 390])('it is accessible in both schemes, %i pixels wide', async (width) => {
  const { page, problems, close } = await openConsole(second.url, `/tasks/${refund}`, { width });
  await row(page, /^Step, load order/).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await row(page, /^Step, refund payment/)
    .last()
    .click();
  await page.getByRole('heading', { name: 'refund payment' }).waitFor();
  await page.getByText('3 attempts, all the same').last().waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(problems).toEqual([]);
  await close();
});

test('nothing that inputs, results, names and errors say runs or is loaded', async () => {
  const hostile = '<img src=x onerror="window.harmed = 1"><script>window.harmed = 1</script>';
  const id = await begin(second.url, 'test/says-back', hostile);
  await reaches(second.url, id, 'FAILED');
  const { page, problems, close } = await openConsole(second.url, `/tasks/${id}`, { width: 1440 });
  for (const name of [/^Step, <img/, /^Step, throw/, /^Task, test\/says-back/]) {
    await row(page, name).click();
    await details(page).getByText('window.harmed').first().waitFor();
  }
  expect(await page.evaluate('window.harmed')).toBe(undefined);
  expect(await page.locator('main :is(script, img, iframe, [onerror])').count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test('of five thousand steps a few rows exist, and the pages behind the first are read by scrolling', async () => {
  const id = await begin(second.url, 'test/many', { steps: 5_000 });
  await reaches(second.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(second.url, `/tasks/${id}`, { width: 1440 });
  await row(page, /^Step, step 1, Done/).waitFor();
  expect(await page.locator('[data-span]').count()).toBeLessThan(80);
  await readWholeTrace(page, 5_002);
  await page.keyboard.press('End');
  await row(page, /^Step, step \d+, Done/)
    .last()
    .waitFor();
  expect(await page.locator('[data-span]').count()).toBeLessThan(80);
  expect(problems).toEqual([]);
  await close();
});
