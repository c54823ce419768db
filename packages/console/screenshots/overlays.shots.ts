/** Pictures of what opens over pages, and of what one does in a chat, in `screenshots/out`. */
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { call } from '../../server/test/support/http-calls.js';
import { begin, openSession, reaches } from '../test/support/sample-data.js';
import { startConsoleServer } from '../test/support/start-console-server.js';
import { shown, take } from './take.js';

interface Overlay {
  readonly path: string;
  readonly open: (page: Page) => Promise<unknown>;
}

test('every overlay', async () => {
  const { url } = await startConsoleServer();
  const session = await openSession(url, 'A letter in three drafts');
  const drafts = await begin(url, 'test/drafts', 'go', session);
  await reaches(url, drafts, 'COMPLETED');
  await call('PATCH', `${url}/sessions/${session}/state`, { body: { nests: 3, birds: ['heron', 'stork'] } });
  const overlays: Record<string, Overlay> = {
    palette: { path: '/tasks', open: (page) => page.keyboard.press('Control+k') },
    'palette-found': {
      path: '/tasks',
      open: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Search and commands' }).fill('draft');
        await page.getByRole('option', { name: 'A letter in three drafts' }).waitFor();
      },
    },
    shortcuts: { path: '/tasks', open: (page) => page.keyboard.type('?') },
    'session-state': {
      path: '/sessions',
      open: async (page) => {
        await page.getByRole('button', { name: 'Actions for A letter in three drafts' }).click();
        await page.getByRole('menuitem', { name: 'State' }).click();
        await page.getByRole('dialog').getByText('heron').waitFor();
      },
    },
    'session-menu': {
      path: '/sessions',
      open: (page) => page.getByRole('button', { name: 'Actions for A letter in three drafts' }).click(),
    },
    'chat-versions': {
      path: `/chat/${session}`,
      open: async (page) => {
        await page.getByRole('button', { name: 'Earlier versions' }).click();
        await page.getByRole('button', { name: 'Version 3 of 3' }).click();
        await page.getByRole('article').first().hover();
      },
    },
    'task-steps': { path: `/tasks/${drafts}?view=events`, open: (page) => page.getByText('write draft 3').waitFor() },
    'task-versions': {
      path: `/tasks/${drafts}?view=artifacts`,
      open: async (page) => {
        await page.getByRole('button', { name: 'Version 3 of 3' }).click();
        await page.getByRole('menuitem', { name: 'Version 1' }).click();
      },
    },
  };
  for (const [name, { path, open }] of Object.entries(overlays)) {
    const reach = async (page: Page): Promise<void> => {
      await shown(page);
      await open(page);
    };
    expect(await take(url, name, path, reach)).toEqual([]);
  }
});
