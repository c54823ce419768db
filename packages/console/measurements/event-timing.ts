/** How long what is done on a page takes until it is seen, as browsers measure it. */
import type { Page } from 'playwright-core';

export const TIMES = 20;

/** From the event to what it has changed on the screen (Event Timing), in milliseconds. */
export const observe = `
  window.took = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) window.took.push({ name, duration });
  }).observe({ type: 'event', durationThreshold: 16, buffered: false });`;

/** Of the slowest event of each of `TIMES` acts, in milliseconds. */
export async function slowest(page: Page, act: () => Promise<void>): Promise<readonly [median: number, worst: number]> {
  await page.evaluate('window.took = []');
  const worsts: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    await act();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60)))');
    // What took less than 16 ms is not told of.
    worsts.push(await page.evaluate<number>('Math.max(16, ...window.took.splice(0).map(({ duration }) => duration))'));
  }
  return [worsts.toSorted((a, b) => a - b)[TIMES / 2] ?? 0, Math.max(...worsts)];
}
