/** One answer of the server that takes long to come. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Holds the next answer to what `pattern` matches back for so long; those after it come at once. */
export async function slowDown(page: Page, pattern: string, ms: number): Promise<void> {
  let slow = true;
  await page.route(pattern, async (route) => {
    const waits = slow;
    slow = false;
    const response = await route.fetch();
    if (waits) await delay(ms);
    await route.fulfill({ response });
  });
}
