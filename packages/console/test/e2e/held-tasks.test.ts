/** A task that is held, in a real browser: in the list, on its page, and how it goes on. */
import { beforeAll, expect, test } from 'vitest';
import { call, textAt } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

/** From now on the step has this name. */
async function deploy(loads: string): Promise<void> {
  await reaches(server.url, await begin(server.url, 'test/deploys', loads), 'COMPLETED');
}

/** A task that waits for an answer while its code is changed. */
async function changedTask(): Promise<string> {
  await deploy('load');
  const id = await begin(server.url, 'test/changes', 'go');
  await reaches(server.url, id, 'INPUT_REQUIRED');
  await deploy('load order');
  return id;
}

async function answer(taskId: string): Promise<void> {
  const message = { taskId, parts: [{ text: 'yes' }] };
  await call('POST', `${server.url}/agents/test/changes/tasks`, { body: { message } });
}

test('the list shows that it is held as soon as it is, and lists it by that', async () => {
  const id = await changedTask();
  const { page, problems, close } = await openConsole(server.url, '/tasks?held=true');
  await page.getByText('No tasks match these filters').waitFor();
  await answer(id);
  const row = page.locator(`[data-task="${id}"]`);
  await row.locator('[data-state=HELD]').getByText('Held').waitFor();
  await page.reload();
  await row.locator('[data-state=HELD]').waitFor();
  expect(await page.locator('[data-task]').count()).toBe(1);
  expect(await accessibilityProblems(page)).toEqual([]);
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  await row.waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
  await close();
});

test('its page says what contradicts, and it goes on when its code fits again', async () => {
  const id = await changedTask();
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=events`);
  await answer(id);
  const why = page.getByRole('region', { name: 'Held: the code doesn’t match this task' });
  await why.getByText('Finished: step “load”.', { exact: true }).waitFor();
  await why.getByText('The code now runs: step “load order”.', { exact: true }).waitFor();
  await page.getByRole('status').getByText('Held', { exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  // The same code is of no use.
  const before = await sinceOf(id);
  await why.getByRole('button', { name: 'Try again now' }).click();
  await until(async () => (await sinceOf(id)) > before, { what: 'the task to be held once more' });
  await why.waitFor();

  await deploy('load');
  await why.getByRole('button', { name: 'Try again now' }).click();
  await page.getByRole('status').getByText('Completed').waitFor();
  await why.waitFor({ state: 'detached' });
  await page.getByRole('list', { name: 'Events' }).getByText('Sent: yes').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('it begins anew from its page, with the code that there is', async () => {
  const id = await changedTask();
  await answer(id);
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}`, { width: 390, colourScheme: 'dark' });
  await page.getByRole('button', { name: 'Retry from the start' }).click();
  await page.getByRole('status').getByText('Needs input').waitFor();
  await page.getByText('Attempt 2').first().waitFor();
  expect(await page.getByRole('region', { name: 'Held: the code doesn’t match this task' }).count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

async function sinceOf(id: string): Promise<string> {
  const { body } = await call('GET', `${server.url}/tasks/${id}`);
  return textAt(body, 'metadata', 'urn:continuo:a2a:held:v1', 'since');
}
