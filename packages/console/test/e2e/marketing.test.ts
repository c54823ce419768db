/** A campaign from its brief to its package, in a real browser. */
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { startConsoleServer } from '../support/start-console-server.js';

test('a campaign is started from the form, sent back in one piece, approved, and downloaded as one archive', async () => {
  const { url } = await startConsoleServer();
  const { page, problems, close } = await openConsole(url, '/marketing');
  await page.getByRole('link', { name: 'Marketing' }).waitFor();
  await page.getByRole('button', { name: 'Start the campaign' }).click();
  await page.getByText('Please fill this in').first().waitFor();
  await page.getByRole('textbox', { name: 'Product', exact: true }).fill('Aqua: A bottle that cools water by itself.');
  await page.getByRole('textbox', { name: 'Audience' }).fill('hikers');
  await page.getByRole('textbox', { name: 'Goal' }).fill('500 preorders');
  await page.getByRole('combobox', { name: 'Channels' }).click({ force: true });
  await page.getByRole('option', { name: 'LinkedIn' }).click();
  await page.getByRole('option', { name: 'X thread' }).click();
  await page.keyboard.press('Escape');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start the campaign' }).click();

  await page.getByRole('button', { name: 'Approve all' }).waitFor({ timeout: 60_000 });
  await page.getByRole('heading', { name: 'Aqua', level: 1 }).waitFor();
  await page.getByText('marketing/researcher').waitFor();
  await page.getByRole('region', { name: 'linkedin.md' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'What should change in LinkedIn?' }).fill('Mention the mountains.');
  await page.getByRole('button', { name: 'Ask for changes in 1 piece' }).click();
  await page
    .getByRole('region', { name: 'linkedin.md' })
    .getByText('Version 2', { exact: true })
    .waitFor({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Approve all' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the package' }).click({ timeout: 60_000 });
  const archive = unzipSync(await readFile(await (await download).path()));
  expect(Object.keys(archive)).toEqual(
    expect.arrayContaining(['linkedin.md', 'x-thread.md', 'campaign.json', 'calendar.ics', 'summary.md']),
  );
  await page.getByRole('link', { name: 'Marketing', exact: true }).click();
  await page.getByRole('region', { name: 'Campaigns so far' }).getByRole('link', { name: 'Aqua' }).waitFor();
  expect(problems).toEqual([]);
  await close();
});
