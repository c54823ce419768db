/** The pages of lists, of agents and of settings are accessible in German, in light and in dark. */
import { expect, test } from 'vitest';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { everydayPages, openPage } from '../support/german-pages.js';
import { startConsoleServer } from '../support/start-console-server.js';

test('pages of lists, of agents and of settings are accessible in German, in light and in dark', async () => {
  const server = await startConsoleServer();
  const pages = await everydayPages(server.url);
  const { page, problems, close } = await openConsole(server.url, '/overview', { locale: 'de-DE', width: 390 });
  for (const one of pages) {
    await openPage(page, server.url, one);
    for (const problem of await problemsInBothSchemes(page)) problems.push(`${one[0]}: ${problem}`);
  }
  expect(problems).toEqual([]);
  await close();
});
