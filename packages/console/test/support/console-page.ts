/** A page of the console in a real browser, which notes everything that a page must not do. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ConsoleMessage, Page } from 'playwright-core';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { until } from '../../../server/test/support/until.js';
import { theBrowser } from './chromium.js';

export interface ConsolePage {
  readonly page: Page;
  /** Errors on the browser's console, exceptions, and requests to anywhere but the server. Lost connections are none. */
  readonly problems: string[];
  readonly close: () => Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colourScheme?: 'light' | 'dark';
  /** What the browser prefers: `de-DE`. */
  readonly locale?: string;
  /** Runs in the page before anything of the console does. */
  readonly before?: string;
}

export async function openConsole(
  server: string,
  path: string,
  { width = 1280, height = 860, colourScheme = 'light', locale, before }: PageOptions = {},
): Promise<ConsolePage> {
  const context = await (
    await theBrowser()
  ).newContext({
    viewport: { width, height },
    colorScheme: colourScheme,
    reducedMotion: 'reduce',
    acceptDownloads: true,
    ...(locale === undefined ? {} : { locale }),
  });
  if (before !== undefined) await context.addInitScript(before);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    const lost = /ERR_(CONNECTION|INCOMPLETE|NETWORK|EMPTY|SOCKET)|status of 503/.test(message.text());
    if (message.type() === 'error' && !lost) problems.push(`console: ${message.text()}${sourceOf(message)}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${server}/`) && !/^(blob|data):/.test(url)) problems.push(`request to ${url}`);
  });
  // A page that is left open goes on reading its streams beside the tests behind this one.
  const takeBack = afterThisTest(() => context.close());
  await page.goto(`${server}/console${path}`);
  const close = async (): Promise<void> => {
    takeBack();
    await context.close();
  };
  return { page, problems, close };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Colours that fade from one scheme to the other are neither's; what turns for ever is not waited for. */
const faded = `Promise.all(
  document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished.catch(() => undefined)),
)`;

/**
 * What axe-core finds wrong on the page as it stands once nothing fades any more, in words. The pointer is taken away: a
 * tooltip of what was pressed last stands outside of all landmarks, as tooltips may.
 */
export function accessibilityProblems(page: Page): Promise<readonly string[]> {
  return problemsBy(page, {});
}

async function problemsBy(page: Page, rules: { readonly runOnly?: readonly string[] }): Promise<readonly string[]> {
  await page.mouse.move(0, 0);
  await until(async () => (await page.locator('[role=tooltip]').count()) === 0, { what: 'no tooltip to be shown' });
  await page.evaluate(faded);
  // To read it takes as long as to run it: once for each document is enough.
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe);
  const options = JSON.stringify({ resultTypes: ['violations'], ...rules });
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run(document, ${options}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 300)} ${failureSummary ?? ''}`),
  );
}

/** The same, in light and in dark; for pages that look as the system does. What differs between the two is the colours. */
export async function problemsInBothSchemes(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    const rules = colorScheme === 'light' ? {} : { runOnly: ['color-contrast'] };
    found.push(...(await problemsBy(page, rules)));
  }
  return found;
}

/** A response that failed is named by its address. */
function sourceOf(message: ConsoleMessage): string {
  const { url } = message.location();
  return url === '' ? '' : ` to ${url}`;
}

/** Signs in with a key on the page that asks for one. */
export async function signInWith(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key or token').fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
