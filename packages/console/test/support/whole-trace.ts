/** Reads a trace of many pages to its end, as somebody does who goes there with the keyboard. */
import type { Page } from 'playwright-core';
import { until } from '../../../server/test/support/until.js';

/** `rows`: how many there are in all, the head among them. */
export async function readWholeTrace(page: Page, rows: number): Promise<void> {
  const tree = page.getByRole('treegrid', { name: 'Trace' });
  await tree.focus();
  await until(
    async () => {
      await page.keyboard.press('End');
      return (await tree.getAttribute('aria-rowcount')) === String(rows);
    },
    { what: 'all pages to be read' },
  );
}
