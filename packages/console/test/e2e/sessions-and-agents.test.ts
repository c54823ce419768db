/** The lists of sessions and agents in a real browser. */
import { beforeAll, expect, test } from 'vitest';
import { call } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('a session is found, renamed, exported and deleted', async () => {
  const id = await openSession(server.url, 'About herons');
  await openSession(server.url, 'About storks');
  await reaches(server.url, await begin(server.url, 'function/echo', 'They stand on one leg', id), 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, '/sessions');
  await page.getByRole('link', { name: 'About storks' }).waitFor();
  await page.getByRole('textbox', { name: 'Search titles and messages' }).fill('one leg');
  await page.waitForURL(/q=one/);
  await page.getByRole('link', { name: 'About storks' }).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Actions for About herons' }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill('Herons at rest');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Herons at rest' }).waitFor();

  await page.getByRole('button', { name: 'Actions for Herons at rest' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export as JSON' }).click();
  expect((await download).suggestedFilename()).toBe('Herons at rest.json');

  await page.getByRole('button', { name: 'Actions for Herons at rest' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('with its messages, tasks and artifacts').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No sessions match this search').waitFor();
  expect((await fetch(`${server.url}/sessions/${id}`)).status).toBe(404);
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByRole('link', { name: 'About storks' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Search titles and messages' }).inputValue()).toBe('');
  expect(problems).toEqual([]);
  await close();
});

test('the state of a session is read and changed, and a session is forked from the list', async () => {
  const id = await openSession(server.url, 'About swans');
  await reaches(server.url, await begin(server.url, 'function/echo', 'They hiss', id), 'COMPLETED');
  await call('PATCH', `${server.url}/sessions/${id}/state`, { body: { nests: 3, place: 'the lake' } });
  const { page, problems, close } = await openConsole(server.url, '/sessions?q=swans');
  const act = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Actions for About swans' }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  await act('State');
  const dialog = page.getByRole('dialog', { name: 'State of About swans' });
  await dialog.getByText('"the lake"').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Edit' }).click();
  const box = dialog.getByRole('textbox', { name: 'State' });
  expect(await problemsInBothSchemes(page)).toEqual([]);
  // What an agent changes while one writes stays as the agent left it.
  await call('PATCH', `${server.url}/sessions/${id}/state`, { body: { food: 'grass' } });
  const readAgain = page.waitForResponse(`**/sessions/${id}/state`);
  await begin(server.url, 'function/echo', 'They graze', id);
  await readAgain;
  await box.fill('[]');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is not a JSON object').waitFor();
  await box.fill('{ "nests": 4 }');
  // What is written isn't lost by a click beside the dialog.
  await page.mouse.click(5, 5);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  expect(await box.inputValue()).toBe('{ "nests": 4 }');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Edit' }).waitFor();
  expect((await call('GET', `${server.url}/sessions/${id}/state`)).body).toEqual({ nests: 4, food: 'grass' });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await act('Fork');
  await page.getByRole('heading', { name: 'Fork of About swans' }).waitFor();
  await page.getByText('They hiss').first().waitFor();
  expect(page.url()).not.toContain(id);
  expect(problems).toEqual([]);
  await close();
});

test('an example of an agent is clicked, and waits in the chat to be sent', async () => {
  const { page, problems, close } = await openConsole(server.url, '/agents');
  await page.getByRole('link', { name: 'Try: Hello, is anybody there?' }).click();
  await page.waitForURL(/\/chat/);
  expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe(
    'Hello, is anybody there?',
  );
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('article', { name: /^function\/echo/ }).waitFor();
  await page.goto(`${server.url}/console/chat?say=5`);
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe('5');
  expect(problems).toEqual([]);
  await close();
});

test('snippets send an example that is data as data, and one that is text as text', async () => {
  const { page, problems, close } = await openConsole(server.url, '/agents/function/countdown');
  const body = async (): Promise<unknown> => {
    const shown = await page.locator('pre', { hasText: 'curl' }).first().textContent();
    return JSON.parse(/-d '(.*)'$/s.exec(shown ?? '')?.[1] ?? '');
  };
  await page.locator('pre', { hasText: 'curl' }).waitFor();
  expect(await body()).toEqual({ message: { parts: [{ data: { steps: 10, delayMs: 1000 } }] }, wait: true });
  await page.goto(`${server.url}/console/agents/function/echo`);
  await page.locator('pre', { hasText: 'curl' }).waitFor();
  expect(await body()).toEqual({ message: 'Hello, is anybody there?', wait: true });
  expect(problems).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('agents are accessible in %s, the hostile one included', async (colourScheme) => {
  for (const path of ['/agents', '/agents/test/hostile']) {
    const { page, problems, close } = await openConsole(server.url, path, { colourScheme });
    await page.getByText('window.harmed').first().waitFor();
    expect(await page.evaluate('window.harmed')).toBe(undefined);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  }
});
