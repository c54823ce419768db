/** The card of a connected agent that changes, in a real browser: told of, shown field by field, accepted. */
import { beforeAll, expect, test } from 'vitest';
import { call } from '../../../server/test/support/http-calls.js';
import { OddHost } from '../../../server/test/support/odd-remote.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { startConsoleServer } from '../support/start-console-server.js';

const skill = { id: 'find', name: 'Finding', description: 'Finds pages', tags: ['web'] };
let server: ServerProcess;
let host: OddHost;

beforeAll(async () => {
  server = await startConsoleServer();
  host = await OddHost.start();
});

const says = (name: string, card: Readonly<Record<string, unknown>>): string => host.remote(name, { card }).cardUrl;
/** Connected with one card, and seen with another. */
async function changed(name: string): Promise<void> {
  const url = says(name, { version: '1.0.0', skills: [skill], documentationUrl: 'https://docs.example' });
  await call('POST', `${server.url}/external-agents`, { body: { name, url } });
  says(name, {
    version: '2.0.0',
    skills: [{ ...skill, description: 'Finds pages and <b>pays</b> <img src=x onerror=alert(1)>' }],
    iconUrl: 'https://icons.example/a.png',
  });
  await call('GET', `${server.url}/external-agents/${name}/card`);
}

test('a changed card is seen on both pages, reviewed field by field as text, and accepted', async () => {
  await changed('shifty');
  const { page, problems, close } = await openConsole(server.url, '/agents', { width: 1440 });
  const remotes = page.getByRole('region', { name: 'Remote agents' });
  await remotes.getByText('Agent card changed').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await remotes.getByRole('button', { name: 'Review changes to the card of external/shifty' }).click();
  const dialog = page.getByRole('dialog', { name: 'Changes to the card of external/shifty' });
  const skills = dialog.getByRole('region', { name: 'skills[find].description' });
  await skills.getByText('Finds pages and <b>pays</b> <img src=x onerror=alert(1)>').waitFor();
  expect(await skills.locator('ins').allTextContents()).not.toEqual([]);
  expect(await dialog.locator('b, img').count()).toBe(0);
  const version = dialog.getByRole('region', { name: 'version' });
  expect(await version.locator('del, ins').allTextContents()).toEqual(['1.0.0', '2.0.0']);
  await dialog.getByRole('region', { name: 'iconUrl' }).getByText('new', { exact: false }).first().waitFor();
  await dialog.getByRole('region', { name: 'documentationUrl' }).getByText('removed').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await page.goto(`${server.url}/console/agents/external/shifty`);
  await page.getByText('Agent card changed').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Review changes' }).press('Enter');
  await dialog.getByRole('region', { name: 'version' }).waitFor();
  says('shifty', { version: '3.0.0' });
  await dialog.getByRole('button', { name: 'Accept this card' }).click();
  await dialog.getByRole('alert').getByText('has changed again').waitFor();
  await dialog.getByText('3.0.0').waitFor();
  await dialog.getByRole('button', { name: 'Accept this card' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Agent card changed').waitFor({ state: 'detached' });
  expect(problems.filter((problem) => !problem.includes('400'))).toEqual([]);
  await close();
});

test('on a phone the changes fit, in the dark as well; a card that cannot be read says why', async () => {
  await changed('pocket');
  const narrow = { width: 390, height: 844, colourScheme: 'dark' } as const;
  const { page, problems, close } = await openConsole(server.url, '/agents/external/pocket', narrow);
  await page.getByRole('button', { name: 'Review changes' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('region', { name: 'version' }).waitFor();
  const wide = () => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  expect(await wide()).toBe(false);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  host.remote('pocket').on('card', () => ({ status: 500, body: '' }));
  await page.getByRole('button', { name: 'Review changes' }).click();
  await dialog.getByRole('alert').getByText('can’t be read right now').waitFor();
  expect(await dialog.getByRole('button', { name: 'Accept this card' }).count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});
