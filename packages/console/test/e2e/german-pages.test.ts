/** Walks over the pages in German: no text of the console is left in English, and the longer words fit a phone. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { englishOn } from '../support/both-languages.js';
import { openConsole } from '../support/console-page.js';
import { everydayPages, openPage, pagesOfOne, type Pages } from '../support/german-pages.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;
let pages: Pages;

beforeAll(async () => {
  server = await startConsoleServer();
  pages = [...(await pagesOfOne(server.url)), ...(await everydayPages(server.url))];
});

test.each([1280, 390])('no page is in English, and none overflows %i pixels', async (width) => {
  const { page, problems, close } = await openConsole(server.url, '/overview', { locale: 'de-DE', width });
  for (const one of pages) {
    await openPage(page, server.url, one);
    for (const text of await englishOn(page)) problems.push(`${one[0]} says ${text}`);
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (over > 0) problems.push(`${one[0]} overflows by ${over} pixels`);
  }
  expect(problems).toEqual([]);
  await close();
});

test('what opens over a page is German, too', async () => {
  const { page, problems, close } = await openConsole(server.url, '/tasks', { locale: 'de-DE' });
  await page.getByRole('heading', { level: 1, name: 'Aufgaben' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Tastenkürzel' }).waitFor();
  expect(await englishOn(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Suche und Befehle' }).fill('a');
  await page.getByRole('option').first().waitFor();
  expect(await englishOn(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: 'Alle bisher gezeigten Aufgaben auswählen' }).check();
  await page.getByRole('button', { name: 'Aufgaben abbrechen' }).click();
  await page.getByText('abgebrochen.').first().waitFor();
  expect(await englishOn(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});
