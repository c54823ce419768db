/** The language of the console in a real browser: what decides it, that nothing is drawn in another one first, and what follows it. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { englishOn, englishPatterns } from '../support/both-languages.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;
let echoed: string;

beforeAll(async () => {
  server = await startConsoleServer();
  echoed = await begin(server.url, 'function/echo', 'Hallo');
  await reaches(server.url, echoed, 'COMPLETED');
});

/** Notes every text that is ever in the document, from the first one on. */
const noteTexts = `
  window.drawn = new Set();
  new MutationObserver(() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) window.drawn.add(walker.currentNode.data.trim());
  }).observe(document, { childList: true, subtree: true, characterData: true });
`;

test.each([
  ['de-AT', 'de', 'Aufgaben'],
  ['en-GB', 'en', 'Tasks'],
  ['fr-FR', 'en', 'Tasks'],
])('a browser that prefers %s gets the language %s', async (locale, language, title) => {
  const { page, problems, close } = await openConsole(server.url, '/tasks', { locale });
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe(language);
  expect(await page.title()).toContain(title);
  // Of both the browser says how: dates are those of its own region, in English, too.
  const when = await page.locator('[data-task] time[title]').first().getAttribute('title');
  const year = new Date().getFullYear();
  expect(when).toMatch(
    { 'de-AT': /^\d+\.\d+\.\d{4}, \d/, 'en-GB': /^\d\d\/\d\d\/\d{4}, \d/ }[locale] ?? /^\d\d\/\d\d\/\d{4} \d/,
  );
  expect(when).toContain(String(year));
  expect(problems).toEqual([]);
  await close();
});

test.each(['/overview', '/tasks', '/settings', '/webhooks', '/marketing'])(
  'nothing on %s is drawn in English first',
  async (path) => {
    const { page, problems, close } = await openConsole(server.url, path, { locale: 'de-DE', before: noteTexts });
    await page.locator('[data-connection=open]').waitFor();
    await page.locator('h1').first().waitFor();
    const drawn = await page.evaluate<readonly string[]>('[...window.drawn]');
    const english = new RegExp(`^(?:${(await englishPatterns()).join('|')})$`, 'u');
    expect(drawn.length).toBeGreaterThan(10);
    expect(drawn.filter((text) => english.test(text))).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  },
);

test('a language is chosen in the settings, kept, and given up again', async () => {
  const { page, problems, close } = await openConsole(server.url, '/settings', { locale: 'en-US' });
  const html = page.locator('html');
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('Deutsch').click();
  await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
  expect(await html.getAttribute('lang')).toBe('de');
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
  const tab = await page.context().newPage();
  await tab.goto(`${server.url}/console/tasks/${echoed}`);
  await tab.getByText('Abgeschlossen').first().waitFor();
  expect(await tab.title()).toContain('Continuo');
  expect(await englishOn(tab)).toEqual([]);
  await tab.close();
  await page.getByRole('radiogroup', { name: 'Sprache' }).getByText('System').click();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  expect(await html.getAttribute('lang')).toBe('en');
  expect(problems).toEqual([]);
  await close();
});

test('where the German texts can’t be loaded, the console is there in English', async () => {
  const { page, close } = await openConsole(server.url, '/settings', { locale: 'en-US' });
  await page.route('**/assets/*.js', async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes('Zum Inhalt springen')) await route.abort();
    else await route.fulfill({ response });
  });
  const loaded = page.waitForEvent('load');
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('Deutsch').click();
  await loaded;
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await close();
});
