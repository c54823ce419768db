/** A task's page shows the task as clients of A2A see it, in a real browser. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { copiedBy } from '../support/copied-text.js';
import { runCurl } from '../support/run-copied.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

test('in each binding and version the answer and the events of the stream are there, and the same when pasted', async () => {
  const id = await begin(server.url, 'function/echo', 'A word for the wire');
  await reaches(server.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=protocol`);
  const wire = page.getByRole('list', { name: 'Protocol' });
  for (const [binding, version, method] of [
    ['JSON-RPC', '1.0', 'SubscribeToTask'],
    ['JSON-RPC', '0.3', 'tasks/resubscribe'],
    ['HTTP+JSON', '1.0', `/tasks/${id}:subscribe`],
    ['HTTP+JSON', '0.3', `/v1/tasks/${id}:subscribe`],
  ] as const) {
    await page.getByRole('radiogroup', { name: 'Binding' }).getByText(binding, { exact: true }).click();
    await page.getByRole('radiogroup', { name: 'A2A version' }).getByText(version, { exact: true }).click();
    // The question as it is now, and the one for the stream.
    const requests = wire.locator('details').filter({ has: page.getByText('Request', { exact: true }) });
    await requests.nth(1).locator('summary').click();
    await requests.nth(1).getByText(`A2A-Version: ${version}`).first().waitFor();
    await wire.getByText('Event', { exact: true }).nth(2).waitFor();
    expect(await wire.getByText('200', { exact: false }).count()).toBeGreaterThanOrEqual(2);
    const command = await copiedBy(requests.nth(1).locator('.as-code').getByRole('button', { name: 'Copy code' }));
    expect(command).toContain(method);
    expect(await runCurl(command)).toContain('A word for the wire');
  }
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('on a phone nothing is cut off, in German as well', async () => {
  const id = await begin(server.url, 'function/echo', 'Hallo');
  await reaches(server.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(server.url, `/tasks/${id}?view=protocol`, {
    width: 390,
    locale: 'de-DE',
  });
  const wire = page.getByRole('list', { name: 'Protokoll' });
  await wire.getByText('Ereignis', { exact: true }).nth(2).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});
