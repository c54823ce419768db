/** Pictures of a campaign in review: a piece edited by hand, its versions, its plan. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, call } from '../../server/test/support/http-calls.js';
import { begin, campaign, reaches } from '../test/support/sample-data.js';
import { startConsoleServer } from '../test/support/start-console-server.js';
import { take } from './take.js';

test('campaigns', async () => {
  const { url } = await startConsoleServer();
  const id = await begin(url, 'marketing/swarm', { ...campaign, channels: undefined, keywords: ['bottle', 'hiking'] });
  await reaches(url, id, 'INPUT_REQUIRED');
  const answer = (data: unknown) =>
    call('POST', `${url}/agents/marketing/swarm/tasks`, { body: { message: { taskId: id, parts: [{ data }] } } });
  const { body } = await call('GET', `${url}/tasks/${id}`);
  const revision = at(body, 'status', 'message', 'parts', 1, 'data', 'pieces', 3, 'revision');
  await answer({
    decision: 'review',
    edits: { linkedin: { revision, content: { post: 'Cold water at the summit.\n\nAqua is 90 % colder.' } } },
  });
  await reaches(url, id, 'INPUT_REQUIRED');
  const path = `/marketing/${id}`;
  const piece = (page: Page, name: string) => page.getByRole('navigation', { name: 'Pieces' }).getByText(name).click();
  const ready = (page: Page) => page.getByRole('button', { name: 'Approve all' }).waitFor();
  expect(await take(url, 'campaign-brief', `/marketing?from=${path.split('/').at(-1)}`)).toEqual([]);
  expect(await take(url, 'campaign-review', path, ready)).toEqual([]);
  expect(
    await take(url, 'campaign-edited', path, async (page) => {
      await ready(page);
      await piece(page, 'LinkedIn');
      await page.getByRole('button', { name: 'Approve LinkedIn' }).click();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'campaign-changes', path, async (page) => {
      await ready(page);
      await piece(page, 'LinkedIn');
      await page.getByText('Changes', { exact: true }).click();
      await page.locator('ins').first().waitFor();
    }),
  ).toEqual([]);
  expect(
    await take(url, 'campaign-edit', path, async (page) => {
      await ready(page);
      await piece(page, 'X thread');
      await page.getByRole('button', { name: 'Edit X thread' }).click();
      await page.getByRole('textbox', { name: 'Post 1' }).fill('x'.repeat(300));
    }),
  ).toEqual([]);
});
