/** A campaign from its brief to its package, in a real browser. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { at, call } from '../../../server/test/support/http-calls.js';
import { onLoopback } from '../../../server/test/support/on-loopback.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, campaign, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let url: string;

beforeAll(async () => {
  ({ url } = await startConsoleServer());
});

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const startButton = (page: Page) => page.getByRole('button', { name: 'Start campaign' });

/** Every number that a piece calls its version. */
async function versionsOf(page: Page, piece: string): Promise<readonly string[]> {
  const panel = page.getByRole('region', { name: piece });
  await panel.getByText('Details', { exact: true }).click();
  const text = await panel.innerText();
  return [...new Set([...text.matchAll(/\b(?:version|revision)\W*(\d+)/gi)].map(([, number = '']) => number))];
}

test('a campaign is started from the form, sent back in one piece, approved, and downloaded as one archive', async () => {
  const { page, problems, close } = await openConsole(url, '/marketing');
  await page.getByRole('link', { name: 'Marketing' }).waitFor();
  await page.getByRole('button', { name: 'Start campaign' }).click();
  await page.getByText('Please fill this in').first().waitFor();
  await page.getByRole('textbox', { name: 'Product', exact: true }).fill('Aqua: A bottle that cools water by itself.');
  await page.getByRole('textbox', { name: 'Audience' }).fill('hikers');
  await page.getByRole('textbox', { name: 'Goal' }).fill('500 preorders');
  await page.getByRole('checkbox', { name: 'LinkedIn' }).click();
  await page.getByRole('checkbox', { name: 'X thread' }).press('Space');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start campaign' }).click();

  await page.getByRole('button', { name: 'Approve all' }).waitFor({ timeout: 60_000 });
  await page.getByRole('heading', { name: 'Aqua', level: 1 }).waitFor();
  await page.getByText('marketing/researcher').waitFor();
  await page.getByRole('region', { name: 'linkedin.md' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const note = page.getByRole('textbox', { name: 'What should change in LinkedIn?' });
  await note.fill('Mention the mountains.');
  await page.reload();
  await until(async () => (await note.inputValue()) === 'Mention the mountains.', {
    what: 'the note to be there again',
  });
  await page.getByRole('button', { name: 'Ask for changes in 1 piece' }).click();
  await page
    .getByRole('region', { name: 'linkedin.md' })
    .getByText('Version 2', { exact: true })
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Approve all' }).waitFor({ timeout: 60_000 });
  expect(await note.inputValue()).toBe('');
  expect(await versionsOf(page, 'linkedin.md')).toEqual(['2']);

  await page.getByRole('button', { name: 'Approve all' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download package' }).click({ timeout: 60_000 });
  const archive = unzipSync(await readFile(await (await download).path()));
  expect(Object.keys(archive)).toEqual(
    expect.arrayContaining(['linkedin.md', 'x-thread.md', 'campaign.json', 'calendar.ics', 'summary.md']),
  );
  expect(await versionsOf(page, 'linkedin.md')).toEqual(['3']);
  await page.getByRole('link', { name: 'Marketing', exact: true }).click();
  await page.getByRole('region', { name: 'Your campaigns' }).getByRole('link', { name: 'Aqua', exact: true }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a brief is kept while it is written, and what the swarm would refuse is said before it is sent', async () => {
  const { page, problems, close } = await openConsole(url, '/marketing');
  await field(page, 'Product').fill('Borea: A scarf that warms by itself.');
  await field(page, 'Audience').fill('skaters');
  await field(page, 'Landing page URL').fill('https://no place');
  await page.getByLabel('Starts on').fill('2020-01-01');
  await page.getByRole('checkbox', { name: 'Instagram' }).click();
  await page.reload();
  await until(async () => (await field(page, 'Product').inputValue()).startsWith('Borea'), { what: 'the draft' });
  await page.getByRole('checkbox', { name: 'Instagram', checked: true }).waitFor();
  await page.getByRole('link', { name: 'Agents' }).click();
  await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor();
  await page.goBack();
  expect(await field(page, 'Audience').inputValue()).toBe('skaters');

  await startButton(page).click();
  await page.getByText('Please fill this in').waitFor();
  await page.getByText('Choose today or a later day').waitFor();
  await page.getByText('Enter an address such as').waitFor();
  // Whoever has to mend something stands where it is.
  await until(() => field(page, 'Goal').evaluate((goal) => goal === document.activeElement), { what: 'the focus' });
  expect(await accessibilityProblems(page)).toEqual([]);
  await field(page, 'Goal').fill('300 preorders');
  await page.getByLabel('Starts on').fill('');
  await field(page, 'Landing page URL').fill('borea.example');
  await startButton(page).click();
  await page.getByRole('heading', { name: 'Borea', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Approve all' }).waitFor({ timeout: 60_000 });
  // Its front matter is folded.
  await page.getByText('https://borea.example').first().waitFor({ state: 'attached' });
  await page.getByRole('link', { name: 'Marketing', exact: true }).click();
  await startButton(page).waitFor();
  expect(await field(page, 'Product').inputValue()).toBe('');
  expect(problems).toEqual([]);
  await close();
});

test('a campaign that fails on its brief is started again with the brief as it was, but for what was wrong', async () => {
  const product = { name: 'Caldo', description: 'a cup that stays warm', url: 'caldo.example', price: '20 EUR' };
  const id = await begin(url, 'marketing/swarm', {
    ...campaign,
    product,
    channels: ['LinkedIn', 'fax'],
    url: undefined,
  });
  await reaches(url, id, 'FAILED');
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`);
  await page.getByText('The brief can’t be used').or(page.getByText("The brief can't be used")).waitFor();
  expect(await page.getByRole('progressbar').count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('heading', { name: 'Caldo', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Edit brief and try again' }).click();
  await until(async () => (await field(page, 'Product').inputValue()) === 'Caldo: a cup that stays warm', {
    what: 'the brief to be filled in',
  });
  expect(await field(page, 'Audience').inputValue()).toBe(campaign.audience);
  expect(await field(page, 'Landing page URL').inputValue()).toBe('https://caldo.example');
  await page.getByText('Some channels don’t exist').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await field(page, 'Goal').fill('Another goal');
  await page.reload();
  await until(async () => (await field(page, 'Goal').inputValue()) === 'Another goal', { what: 'the draft' });
  await page.getByRole('checkbox', { name: 'fax', checked: true }).click();
  await startButton(page).click();
  await page.getByRole('button', { name: 'Approve all' }).waitFor({ timeout: 60_000 });
  expect(page.url()).not.toContain(id);
  expect(problems).toEqual([]);
  await close();
});

test('a campaign is duplicated: its brief is there again, to be changed and started as another one', async () => {
  const id = await begin(url, 'marketing/swarm', { ...campaign, tone: 'Bold' });
  await reaches(url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`);
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await page.getByText('Starting it makes a new campaign.').waitFor();
  expect(await field(page, 'Audience').inputValue()).toBe(campaign.audience);
  expect(await page.getByRole('combobox', { name: 'Tone' }).inputValue()).toBe('Bold');
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Spanish' }).click();
  await page.getByRole('combobox', { name: 'Tone' }).fill('like a lighthouse keeper');
  expect(await accessibilityProblems(page)).toEqual([]);
  await startButton(page).click();
  await page.getByRole('button', { name: 'Approve all' }).waitFor({ timeout: 60_000 });
  expect(page.url()).not.toContain(id);
  const { body } = await call('GET', `${url}/tasks/${page.url().split('/').at(-1)}`);
  const brief = at(body, 'history', 0, 'parts', 0, 'data');
  expect(brief).toMatchObject({ tone: 'like a lighthouse keeper', language: 'Spanish' });
  await page.getByRole('link', { name: 'Marketing', exact: true }).click();
  await page
    .getByRole('button', { name: /^Duplicate “/ })
    .first()
    .click();
  await page.getByText('Starting it makes a new campaign.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a form is filled from a pasted text, which is kept until then, and what it replaced comes back', async () => {
  const { page, problems, close } = await openConsole(url, '/marketing');
  await field(page, 'Product').fill('Dune: a tent.');
  await page.getByRole('combobox', { name: 'Tone' }).fill('calm');
  await page.getByRole('button', { name: 'Fill the form from a text or page…' }).click();
  const pasted = page.getByRole('textbox', { name: 'Paste a brief, an email or a product page' });
  await pasted.fill(
    [
      'Launch “Aqua”, a bottle that cools by itself, for hikers.',
      'Goal: 500 preorders',
      'Channels: LinkedIn, Twitter',
      'Budget: €5,000',
      'Start: 2099-03-01',
      'See https://aqua.example/shop.',
    ].join('\n'),
  );
  await page.reload();
  await page.getByRole('button', { name: 'Fill the form from a text or page…' }).click();
  await until(async () => (await pasted.inputValue()).includes('500 preorders'), { what: 'the text to be kept' });
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Fill the form', exact: true }).click();
  await page.getByText('Filled in: Product, Audience, Goal, Channels, Starts on, Budget, Landing page URL').waitFor();
  expect(await field(page, 'Product').inputValue()).toContain('Aqua');
  expect(await field(page, 'Audience').inputValue()).toBe('hikers');
  expect(await field(page, 'Goal').inputValue()).toBe('500 preorders');
  expect(await field(page, 'Budget').inputValue()).toBe('5000');
  expect(await page.getByLabel('Starts on').inputValue()).toBe('2099-03-01');
  expect(await field(page, 'Landing page URL').inputValue()).toBe('https://aqua.example/shop');
  // What the text doesn't say stays.
  expect(await page.getByRole('combobox', { name: 'Tone' }).inputValue()).toBe('calm');
  await page.getByText('X thread').first().waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await field(page, 'Product').inputValue()) === 'Dune: a tent.', { what: 'the old brief' });
  expect(problems).toEqual([]);
  await close();
});

test.each([390, 1440])('a form is filled from a web page, which the server reads, %i px wide', async (width) => {
  const pages = createServer((request, response) => {
    if (request.url !== '/aqua') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    return void response.end(
      '<title>Aqua</title><meta name="description" content="A bottle that cools water"><script>Tone: wrong</script>' +
        '<body><h1>Aqua</h1><p>Audience: hikers &amp; climbers</p><p>Goal: 500 preorders</p></body>',
    );
  });
  const site = await onLoopback(pages);
  const { page, close } = await openConsole(url, '/marketing', { width });
  await page.getByRole('button', { name: 'Fill the form from a text or page…' }).click();
  await field(page, 'Address of a web page').fill(`${site}/nothing`);
  await page.getByRole('button', { name: 'Read the page' }).click();
  await page.getByRole('alert').getByText('the page answers with HTTP 404').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await field(page, 'Address of a web page').fill(`${site}/aqua`);
  // The brief around it isn't sent by it.
  await field(page, 'Address of a web page').press('Enter');
  await page.getByText('Filled in: Product, Audience, Goal, Landing page URL').waitFor();
  expect(await field(page, 'Product').inputValue()).toBe('Aqua: A bottle that cools water');
  expect(await field(page, 'Audience').inputValue()).toBe('hikers & climbers');
  expect(await field(page, 'Goal').inputValue()).toBe('500 preorders');
  expect(await field(page, 'Landing page URL').inputValue()).toBe(`${site}/aqua`);
  expect(await page.getByRole('combobox', { name: 'Tone' }).inputValue()).toBe('');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await close();
});
