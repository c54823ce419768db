/** The workbench of an agent in a real browser: each binding and version, what goes over the wire, and what is copied of it. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { newKey } from '../../../server/test/support/keys-command.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes, signInWith } from '../support/console-page.js';
import { copiedBy } from '../support/copied-text.js';
import { runCurl, runProgram } from '../support/run-copied.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

async function fillIn(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: 'Try' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
}

async function choose(page: Page, group: string, option: string): Promise<void> {
  await page.getByRole('radiogroup', { name: group }).getByText(option, { exact: true }).click();
}

/** What the button of a code block copies. */
async function copied(page: Page, form: string): Promise<string> {
  await choose(page, 'As code', form);
  return copiedBy(page.locator('.as-code').getByRole('button', { name: 'Copy code' }));
}

const calls = ['JSON-RPC', 'HTTP+JSON'].flatMap((binding) =>
  ['1.0', '0.3'].flatMap((version) => [true, false].map((streaming) => [binding, version, streaming] as const)),
);

test.each(calls)('%s, A2A %s, streaming %s: answered, on the wire, and the same when pasted', async (...call) => {
  const [binding, version, streaming] = call;
  const said = `It's "quoted" in ${version}`;
  const { page, problems, close } = await openConsole(server.url, '/agents/function/echo');
  await fillIn(page, said);
  await choose(page, 'Binding', binding);
  await choose(page, 'A2A version', version);
  await page.getByRole('switch', { name: 'Streaming' }).setChecked(streaming);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByText(said).waitFor();
  await answer.getByText(/completed/i).waitFor();
  await answer.getByRole('button', { name: 'Show protocol' }).click();
  const wire = page.getByRole('list', { name: 'Protocol' });
  await wire.getByText(/^20[01] /).waitFor();
  const events = await wire.getByText('Event', { exact: true }).count();
  expect(events > 1).toBe(streaming);
  await wire.getByText('POST').click();
  await wire.getByText(`A2A-Version: ${version}`).first().waitFor();

  const escaped = JSON.stringify(said).slice(1, -1);
  expect(await runCurl(await copied(page, 'curl'))).toContain(escaped);
  expect(await runProgram(await copied(page, '@a2a-js/sdk'))).toContain(escaped);
  expect(await runProgram(await copied(page, '@continuo/client'))).toContain(escaped);
  expect(problems).toEqual([]);
  await close();
});

test('a refusal is shown as the transport writes it', async () => {
  const { page, close } = await openConsole(server.url, '/agents/function/echo');
  await fillIn(page, 'hello');
  await page.getByRole('switch', { name: 'Streaming' }).setChecked(false);
  await page.getByRole('textbox', { name: 'Task (taskId)' }).fill('01a00000-0000-7000-8000-000000000000');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByText('Refused').waitFor();
  await answer.getByRole('button', { name: 'Show protocol' }).click();
  await page.getByRole('list', { name: 'Protocol' }).getByText('-32001').waitFor();
  expect(await page.getByRole('list', { name: 'Protocol' }).getByText('Event', { exact: true }).count()).toBe(0);
  await close();
});

test('no key is copied, and what is copied works with it', async () => {
  const { url } = await createTestDatabase();
  const guarded = await startConsoleServer({ DATABASE_URL: url, CONTINUO_AUTH: 'keys' });
  const key = await newKey(url, '--owner', 'ada');
  const { page, close } = await openConsole(guarded.url, '/agents/function/echo');
  await signInWith(page, key);
  await fillIn(page, 'guarded');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('region', { name: 'Answer' }).getByText('guarded').waitFor();
  await page.getByRole('button', { name: 'Show protocol' }).click();
  await page.getByRole('list', { name: 'Protocol' }).getByText('POST').click();
  for (const [form, run] of [
    ['curl', runCurl],
    ['@a2a-js/sdk', runProgram],
    ['@continuo/client', runProgram],
  ] as const) {
    const code = await copied(page, form);
    expect(code).not.toContain(key);
    expect(await run(code, key)).toContain('guarded');
  }
  expect(await page.content()).not.toContain(key);
  await close();
});

test.each([
  [390, 'light'],
  [1440, 'dark'],
] as const)('what an agent says is text alone; %i px wide, accessible in both schemes', async (width, colourScheme) => {
  const { page, problems, close } = await openConsole(server.url, '/agents/test/hostile', { width, colourScheme });
  const wide = () => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  await page.getByRole('tab', { name: 'Try' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('</script><img src=x onerror="window.harmed = 1">');
  expect(await wide()).toBe(false);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('region', { name: 'Answer' }).getByText('window.harmed').first().waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show protocol' }).click();
  const wire = page.getByRole('list', { name: 'Protocol' });
  await wire.getByText('POST').click();
  for (const event of await wire.getByText('Event', { exact: true }).all()) await event.click();
  await wire.getByText('window.harmed').first().waitFor();
  expect(await page.evaluate('window.harmed')).toBe(undefined);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await wide()).toBe(false);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('by keyboard alone', async () => {
  const { page, close } = await openConsole(server.url, '/agents/function/echo');
  await page.getByRole('tab', { name: 'About' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('textbox', { name: 'Message' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('typed');
  for (let n = 0; n < 4; n += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Answer' }).getByText('typed').waitFor();
  await page.getByRole('tab', { name: 'Try' }).focus();
  await page.keyboard.press('ArrowRight');
  const wire = page.getByRole('list', { name: 'Protocol' });
  await wire.getByText('200 OK').waitFor();
  await wire.locator('summary').first().focus();
  await page.keyboard.press('Enter');
  await wire.getByText('A2A-Version: 1.0').first().waitFor();
  expect(await page.getByRole('tab', { name: 'Protocol' }).getAttribute('aria-selected')).toBe('true');
  await close();
});

test('the card is checked and shown as clients are given it, and its texts are text alone', async () => {
  const { page, problems, close } = await openConsole(server.url, '/agents/test/hostile', { width: 390 });
  await page.getByRole('tab', { name: 'Card' }).click();
  const checks = page.getByRole('region', { name: 'Checks' });
  await checks.getByText('All required fields are present and valid').waitFor();
  await checks.getByText('JSONRPC 1.0').waitFor();
  await page.getByText('window.harmed').first().waitFor();
  expect(await page.evaluate('window.harmed')).toBe(undefined);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await problemsInBothSchemes(page)).toEqual([]);

  // What a proxy has made of it.
  await page.route('**/.well-known/agent-card.json', (route) => route.fulfill({ json: { name: '', skills: [{}] } }));
  await page.reload();
  await page.getByRole('tab', { name: 'Card' }).click();
  await checks.getByRole('row', { name: 'name expected a text that is not empty' }).waitFor();
  await checks.getByRole('row', { name: 'skills[0].id expected a text' }).waitFor();
  await checks.getByRole('row', { name: 'supportedInterfaces expected a list of interfaces' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')).toBe(
    false,
  );
  expect(problems).toEqual([]);
  await close();
});
