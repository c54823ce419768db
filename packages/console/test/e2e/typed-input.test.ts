/** The workbench of an agent that says on its card which data it takes, in a real browser: its form, and what goes over the wire. */
import { beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { startTypedAgentServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startTypedAgentServer();
});

test.each([
  [390, 'dark'],
  [1440, 'light'],
] as const)('the form is made of the schema, and sends data that fits; %i px wide', async (width, colourScheme) => {
  const { page, problems, close } = await openConsole(server.url, '/agents/travel/booking', { width, colourScheme });
  await page.getByRole('tab', { name: 'Try' }).click();
  const city = page.getByRole('textbox', { name: 'City' });
  expect(await page.getByLabel('Nights').inputValue()).toBe('2');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Please fill this in').waitFor();
  const wide = () => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  expect(await wide()).toBe(false);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await city.fill('Lisbon');
  await page.getByLabel('Nights').fill('3');
  await page.getByRole('textbox', { name: /^Guests/ }).fill('Ada\nBob');
  await page.getByRole('switch', { name: 'Sea view' }).click();
  await city.press('Enter');
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByText(/completed/i).waitFor();
  await answer.getByRole('button', { name: 'Show protocol' }).click();
  const wire = page.getByRole('list', { name: 'Protocol' });
  await wire.getByText('POST').click();
  const sent = { city: 'Lisbon', nights: 3, guests: ['Ada', 'Bob'], seaView: true };
  await expect.poll(async () => (await wire.innerText()).replaceAll(/\s/g, '')).toContain(JSON.stringify(sent));
  expect(problems).toEqual([]);
  await close();
});

test('text, data and files can still be sent', async () => {
  const { page, close } = await openConsole(server.url, '/agents/travel/booking');
  await page.getByRole('tab', { name: 'Try' }).click();
  const contents = page.getByRole('radiogroup', { name: 'Content' });
  await contents.waitFor();
  expect(await contents.getByRole('radio').count()).toBe(4);
  await contents.getByText('Data', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Data (JSON)' }).fill('{"city": ""}');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page
    .getByRole('region', { name: 'Answer' })
    .getByText(/failed/i)
    .waitFor();
  await close();
});
