/** How much a browser fetches of the console before it has drawn the first page. */
import { expect, test } from 'vitest';
import { openConsole } from '../test/support/console-page.js';
import { firstLoad } from '../test/support/first-load.js';
import { begin, reaches } from '../test/support/sample-data.js';
import { startConsoleServer } from '../test/support/start-console-server.js';

test('first load', async () => {
  const { url } = await startConsoleServer();
  await reaches(url, await begin(url, 'function/echo', 'Something to draw'), 'COMPLETED');
  const { page, close } = await openConsole(url, '/tasks');
  const load = await firstLoad(page, url);
  console.log(load);
  expect(load.files).toBeGreaterThan(10);
  await close();
});
