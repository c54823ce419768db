/** The review of a campaign in a real browser: piece by piece, by hand and by keyboard, and beside what somebody else does. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { at, call } from '../../../server/test/support/http-calls.js';
import { until } from '../../../server/test/support/until.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { begin, campaign, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let url: string;

beforeAll(async () => {
  ({ url } = await startConsoleServer());
});

const hostile = [
  '<script>window.harmed = 1</script>',
  '<img src=x onerror="window.harmed = 1">',
  '![pixel](https://elsewhere.example/pixel.png)',
  '[click](javascript:window.harmed=1)',
  '<svg onload="window.harmed = 1"></svg> <del>gone</del>',
].join('\n\n');

const pieceTab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pieces' }).getByRole('button', { name });

async function waiting(more: object = {}): Promise<string> {
  const id = await begin(url, 'marketing/swarm', { ...campaign, ...more });
  await reaches(url, id, 'INPUT_REQUIRED');
  return id;
}

async function factsOf(id: string, file: string): Promise<unknown> {
  const { body } = await call('GET', `${url}/tasks/${id}`);
  const found = (at(body, 'artifacts') as readonly unknown[]).find((artifact) => at(artifact, 'name') === file);
  return at(found, 'metadata', 'urn:continuo:marketing:piece:v1');
}

/** As another person or program does it, who sees the newest. */
async function editElsewhere(id: string, post: string): Promise<void> {
  const revision = at(await factsOf(id, 'linkedin.md'), 'revision');
  const data = { decision: 'review', edits: { linkedin: { revision, content: { post } } } };
  const body = { message: { taskId: id, parts: [{ data }] } };
  const answer = await call('POST', `${url}/agents/marketing/swarm/tasks`, { body });
  expect(answer.status).toBeLessThan(300);
}

test('a draft stands beside what it is checked against; it is edited by hand, and the campaign goes on with that', async () => {
  const id = await waiting({ keywords: ['bottle', 'summit'], disclosures: ['Aqua Ltd pays for this.'] });
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`, { width: 1440 });
  await pieceTab(page, 'LinkedIn').click();
  const checks = page.getByRole('complementary', { name: 'Checked against: LinkedIn' });
  await checks.getByText('hikers').waitFor();
  await checks.getByText('summit', { exact: true }).waitFor();
  await checks.getByText('Aqua Ltd pays for this.').waitFor();
  await checks.getByText('/ 3,000').first().waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);

  await page.getByRole('button', { name: 'Edit LinkedIn' }).click();
  const post = page.getByRole('textbox', { name: 'Post' });
  await post.fill('x'.repeat(3_001));
  await page.getByText('1 too many').waitFor();
  expect(await page.getByRole('button', { name: 'Save as a new version' }).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Approve all' }).isDisabled()).toBe(true);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await post.fill('Aqua is 90 % colder at the summit.');
  await page.reload();
  await pieceTab(page, 'LinkedIn').click();
  await until(async () => (await post.inputValue()).startsWith('Aqua is 90'), { what: 'the edit to be kept' });
  await post.press('Control+Enter');

  const draft = page.getByRole('region', { name: 'linkedin.md' });
  await draft.getByText('edited by you').waitFor({ timeout: 60_000 });
  await draft.getByText('Aqua is 90 % colder at the summit.').waitFor();
  // The reviewers have looked at it again.
  await checks.getByText('Unsupported claim: nothing in the brief says "90 %".').waitFor();
  await draft.getByRole('button', { name: 'Version 2 of 2, LinkedIn' }).click();
  await page.getByRole('menuitem', { name: 'Version 2, edited by you' }).waitFor();
  await page.getByRole('menuitem', { name: 'Version 1, a draft without a model' }).click();
  await draft.getByText('You can only approve the latest one').waitFor();
  expect(await factsOf(id, 'linkedin.md')).toMatchObject({
    content: { post: 'Aqua is 90 % colder at the summit.' },
    editedBy: 'owner',
  });
  expect(problems).toEqual([]);
  await close();
});

test('pieces are approved and commented on by keyboard alone, sent together, and only the rest is asked about again', async () => {
  const id = await waiting();
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`);
  await page.getByRole('button', { name: 'Approve all' }).waitFor();
  await page.keyboard.press('a');
  await page.getByText('1 of 3 approved').waitFor();
  await until(() => pieceTab(page, 'LinkedIn').evaluate((tab) => tab === document.activeElement), {
    what: 'the next piece to have the focus',
  });
  await page.keyboard.press('c');
  await page.keyboard.type('Mention the mountains.');
  await page.getByText('1 of 3 approved · 1 change').waitFor();
  await page.reload();
  await page.getByText('1 of 3 approved · 1 change').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Not done, because no language model is configured').waitFor({ timeout: 60_000 });
  await page.getByText('1 of 3 approved', { exact: true }).waitFor();
  const { body } = await call('GET', `${url}/tasks/${id}`);
  const asked = at(body, 'status', 'message', 'parts', 1, 'data', 'pieces') as readonly unknown[];
  expect(asked.map((piece) => at(piece, 'piece'))).toEqual(['linkedin', 'x-thread']);

  await page.locator('#content').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.keyboard.press('k');
  await page.keyboard.press('a');
  await page.getByText('3 of 3 approved').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Download package' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'calendar.csv' }).click();
  await page.getByRole('region', { name: 'calendar.csv' }).getByText('2027-03-01').first().waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a version that came while somebody edits is told, and neither text is lost', async () => {
  const id = await waiting({ channels: ['LinkedIn'] });
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`, { width: 390, height: 844 });
  await page.getByRole('button', { name: 'Approve LinkedIn' }).click();
  await page.getByText('1 of 1 approved').waitFor();
  await page.getByRole('button', { name: 'Edit LinkedIn' }).click();
  const post = page.getByRole('textbox', { name: 'Post' });
  await post.fill('My text.');
  await editElsewhere(id, 'The text of somebody else.');
  await page.getByText('Version 2 arrived while you were editing').waitFor({ timeout: 60_000 });
  expect(await page.getByRole('button', { name: 'Save as a new version' }).isDisabled()).toBe(true);
  // What was approved was another text.
  await page.getByText('0 of 1 approved').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.getByRole('button', { name: 'Keep my text and replace it' }).click();
  expect(await post.inputValue()).toBe('My text.');
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  const draft = page.getByRole('region', { name: 'linkedin.md' });
  await draft.getByRole('button', { name: 'Version 3 of 3, LinkedIn' }).waitFor({ timeout: 60_000 });
  await draft.getByText('My text.').waitFor();
  await draft.getByRole('button', { name: 'Version 3 of 3, LinkedIn' }).click();
  await page.getByRole('menuitem', { name: 'Version 2, edited by you' }).click();
  await draft.getByText('The text of somebody else.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('every piece is previewed as its channel shows it, and versions are compared word by word; nothing in a text runs', async () => {
  const id = await waiting({ channels: undefined, product: 'Aqua: A bottle that cools water by itself.' });
  await editElsewhere(id, `${hostile} Aqua keeps water cold.`);
  await reaches(url, id, 'INPUT_REQUIRED');
  await editElsewhere(id, `${hostile} Aqua keeps a litre of water cold.`);
  await reaches(url, id, 'INPUT_REQUIRED');
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`, { width: 1440 });
  const draft = (file: string) => page.getByRole('region', { name: file });
  await draft('landing-page.md').getByText('In search results').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await pieceTab(page, 'LinkedIn').click();
  // It is folded, as LinkedIn folds it.
  expect(await draft('linkedin.md').getByText('a litre of water').count()).toBe(0);
  await draft('linkedin.md').getByRole('button', { name: '…more' }).click();
  await draft('linkedin.md').getByText('<script>window.harmed = 1</script>').waitFor();
  await page.keyboard.press('d');
  await draft('linkedin.md').getByText('3 words added').waitFor();
  expect((await draft('linkedin.md').locator('ins').allInnerTexts()).join('')).toContain('a litre of');
  expect(await draft('linkedin.md').locator('del').count()).toBe(0);
  const background = "getComputedStyle(document.querySelector('ins')).backgroundColor";
  expect(await page.evaluate(background)).toBe('rgb(217, 244, 223)');
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.keyboard.press('d');
  for (const [name, file, shows] of [
    ['X thread', 'x-thread.md', '/ 280'],
    ['Instagram', 'instagram.md', 'Your picture'],
    ['Email sequence', 'email-sequence.md', 'In the inbox'],
    ['Ad copy', 'ad-copy.md', 'Sponsored'],
    ['Press release', 'press-release.md', 'Press release'],
    ['Blog post', 'blog-post.md', 'On the page'],
  ] as const) {
    await pieceTab(page, name).click();
    await draft(file).getByText(shows).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(await page.evaluate('window.harmed')).toBe(undefined);
  expect(problems).toEqual([]);
  await close();
});

test('the plan is a calendar by month and a budget; the phases say how far the campaign is', async () => {
  const id = await waiting({ channels: ['LinkedIn', 'ad copy', 'email sequence'] });
  const { page, problems, close } = await openConsole(url, `/marketing/${id}`, { width: 1440 });
  const calendar = page.getByRole('region', { name: 'Calendar' });
  await calendar.getByText('March 2027').waitFor();
  expect(await calendar.getByRole('columnheader').count()).toBe(7);
  await calendar.getByRole('cell', { name: '4 LinkedIn' }).getByRole('button').click();
  await page.getByRole('region', { name: 'linkedin.md' }).waitFor();
  await calendar.getByRole('button', { name: 'Next month' }).click();
  await calendar.getByText('April 2027').waitFor();
  await calendar.getByRole('button', { name: 'Previous month' }).click();
  const budget = page.getByRole('region', { name: 'Budget' });
  await budget.getByRole('row', { name: /^Total.*5,000/ }).waitFor();
  await budget.getByRole('row', { name: /^Ad copy.*61\.5/ }).waitFor();
  const phases = page.getByRole('list', { name: 'Phases' });
  await phases.getByRole('listitem', { name: 'Reviews: done' }).waitFor();
  await phases.getByRole('listitem', { name: 'Approval: in progress 0/3' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await calendar.getByRole('listitem').filter({ hasText: 'LinkedIn' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.getByRole('button', { name: 'Approve all' }).click();
  await phases.getByRole('listitem', { name: 'Package: done' }).waitFor({ timeout: 60_000 });
  expect(problems).toEqual([]);
  await close();
});
