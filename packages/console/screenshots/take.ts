/** Takes the pictures of one view: light and dark, wide and narrow, into `screenshots/out`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openConsole } from '../test/support/console-page.js';

const out = join(import.meta.dirname, 'out');
const sizes = {
  wide: { width: 1440, height: 900 },
  middle: { width: 1024, height: 768 },
  narrow: { width: 390, height: 844 },
} as const;
/** Beginnings of names, separated by commas: only these are taken. */
const wanted = process.env['SHOTS']?.split(',');

/**
 * `reach` brings the page from `path` to what the picture is of. Answers with what the page did that a page must not do;
 * `refusedAtFirst`: nobody has signed in yet.
 */
export async function take(
  url: string,
  name: string,
  path: string,
  reach: (page: Page) => Promise<unknown> = shown,
  refusedAtFirst = false,
): Promise<readonly string[]> {
  const all: string[] = [];
  if (wanted !== undefined && !wanted.some((part) => name.startsWith(part))) return all;
  mkdirSync(out, { recursive: true });
  for (const colourScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(sizes)) {
      const { page, problems, close } = await openConsole(url, path, { ...viewport, colourScheme });
      await reach(page);
      await page.waitForTimeout(600);
      const fullPage = !(await page.getByRole('dialog').first().isVisible());
      await page.screenshot({ path: join(out, `${name}-${colourScheme}-${size}.png`), fullPage });
      all.push(...problems.filter((problem) => !(refusedAtFirst && problem.includes('401'))));
      await close();
    }
  }
  return all;
}

/** Resolves when the page is live, and has read what it shows. */
export async function shown(page: Page): Promise<void> {
  await page.locator('[data-connection=open]').waitFor();
  await page.locator('main [aria-label=Loading]').waitFor({ state: 'detached' });
}
