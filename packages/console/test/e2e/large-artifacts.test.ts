/** Artifacts that no answer carries, or no page can hold: their size is said, and they are downloaded from their address. */
import { stat } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { startPrefixProxy, type PrefixProxy } from '../../../server/test/support/prefix-proxy.js';
import { startConsoleServer } from '../support/start-console-server.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';
import { begin, openSession, reaches } from '../support/sample-data.js';

let proxy: PrefixProxy;

beforeAll(async () => {
  proxy = await startPrefixProxy('/agents-api', { strips: true });
  const server = await startConsoleServer({ CONTINUO_ANSWER_BYTES: '100000', CONTINUO_PUBLIC_URL: proxy.url });
  proxy.lead(server.url);
});

/** The size of what the button brings. */
async function downloaded(page: Page): Promise<{ readonly name: string; readonly bytes: number }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download: report.txt' }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: (await stat(await file.path())).size };
}

test('a session shows the size of what is not in its answers, and downloads it', async () => {
  const sessionId = await openSession(proxy.url, 'Large');
  const id = await begin(proxy.url, 'test/makes', { chunks: 1, bytes: 3_000_000 }, sessionId);
  await reaches(proxy.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(proxy.url, `/chat/${sessionId}`);
  await page.getByText('Too large to show here (3.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await downloaded(page)).toEqual({ name: 'report.txt', bytes: 3_000_000 });
  expect(problems).toEqual([]);
  await close();
});

test.each([
  ['in many chunks', { chunks: 9, bytes: 1_000_000 }, 9_000_000],
  ['in one chunk', { chunks: 1, bytes: 7_000_000 }, 7_000_000],
])('a page keeps nothing of an artifact that it cannot hold, %s', async (_name, data, bytes) => {
  const id = await begin(proxy.url, 'test/makes', data);
  await reaches(proxy.url, id, 'COMPLETED');
  const { page, problems, close } = await openConsole(proxy.url, `/tasks/${id}?view=artifacts`);
  await page.getByText(`Too large to show here (${bytes / 1_000_000}.0 MB).`).waitFor();
  expect((await page.locator('body').textContent())?.includes('xxxxxxxx')).toBe(false);
  expect(await downloaded(page)).toEqual({ name: 'report.txt', bytes });
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByText('report.txt').first().waitFor();
  expect(problems).toEqual([]);
  await close();
});
