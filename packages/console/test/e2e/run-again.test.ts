/** Running tasks again in a real browser, and pages of what isn't there. */
import { beforeAll, expect, test } from 'vitest';
import { call, textAt } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('a completed task is run again with the same input, in its session, and says what it is a copy of', async () => {
  const session = await openSession(server.url, 'Echoes');
  const id = await begin(server.url, 'function/echo', 'Say it again', session);
  await reaches(server.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}`);
  await page.getByRole('button', { name: 'Run again' }).click();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Run again with the same input' }).click();
  await page.waitForURL((url) => url.pathname.includes('/tasks/') && !url.pathname.includes(id));
  await page.getByRole('status').getByText('Completed').waitFor();
  await page
    .getByText(`Copy of ${id.slice(-6)}`)
    .getByRole('link')
    .waitFor();
  const again = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const { body } = await call('GET', `${server.url}/tasks/${again}`);
  expect(textAt(body, 'contextId')).toBe(session);
  expect(JSON.stringify(body)).toContain('Say it again');
  expect(problems).toEqual([]);
  await close();
});

test('the input of a failed task is edited and run as a new task; what is no JSON is not sent', async () => {
  const id = await begin(server.url, 'function/countdown', { steps: -1, delayMs: 1 });
  await reaches(server.url, id, 'FAILED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('menuitem', { name: 'Edit input and run' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit input and run' });
  const input = dialog.getByRole('textbox', { name: 'Input (JSON)' });
  expect(JSON.parse(await input.inputValue())).toEqual({ steps: -1, delayMs: 1 });
  await input.fill('{ "steps": 2,');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await dialog.getByText('This is not valid JSON').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await input.fill('{ "steps": 2, "delayMs": 1 }');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL((url) => url.pathname.includes('/tasks/') && !url.pathname.includes(id));
  await page.getByRole('status').getByText('Completed').waitFor();
  await dialog.waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
  await close();
});

test.each(['/nowhere', '/agents/nobody/here', '/tasks/01a00000-0000-7000-8000-000000000000'])(
  'a page that isn’t there says so, and leads on: %s',
  async (path) => {
    const { page, close } = await openConsole(server.url, path);
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect(await problemsInBothSchemes(page)).toEqual([]);
    await page.getByRole('link', { name: 'Go to overview' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await close();
  },
);
