/** How long what is done on a page takes until it is seen, as browsers measure it. */
import type { Page } from 'playwright-core';

const TIMES = 20;

/** From the event to what it has changed on the screen (Event Timing), in milliseconds. */
export const observe = `
  window.took = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) window.took.push({ name, duration });
  }).observe({ type: 'event', durationThreshold: 16, buffered: false });`;

/** A row of a table for each act: how long its slowest event took, median and worst of `TIMES`. */
export async function rowsOf(
  page: Page,
  acts: Readonly<Record<string, () => Promise<void>>>,
): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const [name, act] of Object.entries(acts)) {
    const [median, worst] = await slowest(page, act);
    rows.push(`| ${name} | ${median} ms | ${worst} ms |`);
  }
  return rows;
}

async function slowest(page: Page, act: () => Promise<void>): Promise<readonly [median: number, worst: number]> {
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
