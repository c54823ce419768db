/** What a button puts on the clipboard. */
import type { Locator } from 'playwright-core';
import { until } from '../../../server/test/support/until.js';

/** Presses it and waits for the text: pages copy while the script goes on. */
export async function copiedBy(button: Locator, press: () => Promise<void> = () => button.click()): Promise<string> {
  const page = button.page();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate("navigator.clipboard.writeText('')");
  await press();
  return until(async () => (await page.evaluate<string>('navigator.clipboard.readText()')) || undefined, {
    what: 'the text to be copied',
  });
}
