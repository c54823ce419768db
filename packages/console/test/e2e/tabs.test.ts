/** Many tabs of one browser, which has six connections to a host: they share one event stream, and none is missed when its reader goes. */
import { beforeAll, expect, test } from 'vitest';
import type { Page, Request } from 'playwright-core';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { openConsole } from '../support/console-page.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

const LIVE = { timeout: 30_000 };

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

/** Which tab reads a stream of events of all tasks now, and how many logs each has read. */
class Traffic {
  readonly #streams = new Map<Page, Set<Request>>();
  readonly #logs = new Map<Page, number>();
  readonly #reading = new Set<Request>();

  watch(page: Page): void {
    const isStream = (url: string): boolean => new URL(url).pathname === '/tasks/events';
    const isLog = (url: string): boolean => /\/tasks\/[\w-]+\/events/.test(url);
    // The requests themselves: the end of one that was begun before the page was watched is the end of none.
    const open = new Set<Request>();
    this.#streams.set(page, open);
    page.on('request', (request) => {
      if (isStream(request.url())) open.add(request);
      if (!isLog(request.url())) return;
      this.#logs.set(page, this.logsOf(page) + 1);
      this.#reading.add(request);
    });
    const over = (request: Request): void => {
      open.delete(request);
      this.#reading.delete(request);
    };
    page.on('requestfinished', over);
    page.on('requestfailed', over);
    page.on('close', () => this.#streams.delete(page));
    page.on('crash', () => this.#streams.delete(page));
  }

  readers(): readonly Page[] {
    return [...this.#streams].filter(([, open]) => open.size > 0).map(([page]) => page);
  }

  isReadingLogs(page: Page): boolean {
    return [...this.#reading].some((request) => request.frame().page() === page);
  }

  logsOf(page: Page): number {
    return this.#logs.get(page) ?? 0;
  }
}

async function openTabs(paths: readonly string[]) {
  const [first = '/tasks', ...others] = paths;
  const { page: tab, ...rest } = await openConsole(server.url, first);
  const traffic = new Traffic();
  const tabs: Page[] = [];
  const watch = (page: Page): void => {
    traffic.watch(page);
    tabs.push(page);
  };
  const open = async (path: string): Promise<Page> => {
    const page = await tab.context().newPage();
    watch(page);
    await page.goto(`${server.url}/console${path}`);
    await live(page);
    return page;
  };
  watch(tab);
  await tab.reload();
  await live(tab);
  for (const path of others) await open(path);
  return { ...rest, context: tab.context(), traffic, tabs, open };
}

function live(page: Page): Promise<void> {
  return page.locator('[data-connection=open]').waitFor(LIVE);
}

const shows = (page: Page, id: string): Promise<void> => page.locator(`[data-task="${id}"]`).waitFor(LIVE);
const events = (page: Page, count: number): Promise<void> =>
  page.locator(`[data-events="${count}"]`).waitFor({ timeout: 60_000 });

async function readerOf(traffic: Traffic): Promise<Page> {
  await until(() => traffic.readers().length === 1, { what: 'exactly one tab to read the stream' });
  const [reader] = traffic.readers();
  if (reader === undefined) throw new Error('no tab reads the stream');
  return reader;
}

test('eight tabs are live over one stream, and see what changes; when its reader is closed or dies the others go on', async () => {
  const { tabs, traffic, open, problems, close } = await openTabs(Array.from({ length: 8 }, () => '/tasks'));
  await readerOf(traffic);
  const id = await begin(server.url, 'function/echo', 'One for all tabs');
  for (const page of tabs) await shows(page, id);

  await (await readerOf(traffic)).close();
  const left = tabs.filter((page) => !page.isClosed());
  expect(left).toHaveLength(7);
  const second = await begin(server.url, 'function/echo', 'One for those that are left');
  for (const page of left) await shows(page, second);

  const dies = await readerOf(traffic);
  const crashed = dies.waitForEvent('crash');
  await dies.goto('chrome://crash').catch(() => undefined);
  await crashed;
  const third = await begin(server.url, 'function/echo', 'One for those that live');
  for (const page of left) if (page !== dies) await shows(page, third);

  const late = await open(`/tasks/${third}?view=events`);
  await events(late, 4);
  await readerOf(traffic);
  expect(problems).toEqual([]);
  await close();
});

test('ten tabs on ten running tasks all work; no event is lost, doubled or out of order when the reader is closed meanwhile', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    ids.push(await begin(server.url, 'test/slow-writer', { words: 60, delayMs: 300 }));
  }
  const { tabs: pages, traffic, close } = await openTabs(ids.map((id) => `/tasks/${id}?view=events`));
  for (const page of pages) await page.locator('[data-events]').waitFor(LIVE);
  const reader = await readerOf(traffic);
  const left = pages.filter((page) => page !== reader);
  let logs: readonly number[] = [];
  // A tab that was opened last may yet read what came while it was opened.
  await until(
    () => {
      const before = logs;
      logs = left.map((page) => traffic.logsOf(page));
      return left.every((page, at) => !traffic.isReadingLogs(page) && logs[at] === before[at]);
    },
    { what: 'no tab to read logs' },
  );
  await reader.close();
  await readerOf(traffic);
  for (const [index, page] of pages.entries()) {
    const id = ids[index] ?? '';
    if (page === reader) continue;
    await reaches(server.url, id, 'COMPLETED');
    await page.getByRole('status').getByText('Completed').first().waitFor(LIVE);
    await events(page, await logLength(id));
  }
  // What was missed is read from the log: nothing was.
  expect(left.map((page) => traffic.logsOf(page))).toEqual(logs);
  await close();
});

async function logLength(id: string): Promise<number> {
  const log = await (await fetch(`${server.url}/tasks/${id}/events?follow=false`)).text();
  return log.split('\n').filter((line) => line.startsWith('data:')).length;
}

test('a reader that does not answer any more is replaced, and says so when it is back', async () => {
  const { tabs, traffic, close } = await openTabs(['/tasks', '/tasks', '/tasks']);
  const frozen = await readerOf(traffic);
  const session = await frozen.context().newCDPSession(frozen);
  await session.send('Debugger.enable');
  await session.send('Debugger.pause');
  void frozen.evaluate('1').catch(() => undefined);
  const others = tabs.filter((page) => page !== frozen);
  await until(() => traffic.readers().some((page) => page !== frozen), { what: 'another reader' });
  const id = await begin(server.url, 'function/echo', 'Said while one was frozen');
  for (const page of others) await shows(page, id);
  await session.send('Debugger.resume');
  await shows(frozen, id);
  expect(await readerOf(traffic)).not.toBe(frozen);
  await close();
});

test('what the header says of the connection is true in every tab', async () => {
  const own = await startConsoleServer();
  const first = await openConsole(own.url, '/tasks');
  const second = await first.page.context().newPage();
  await second.goto(`${own.url}/console/agents`);
  for (const page of [first.page, second]) await live(page);
  await own.kill('SIGKILL');
  for (const page of [first.page, second]) {
    await page.locator('[data-connection=lost]').waitFor(LIVE);
    expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
  }
  await first.close();
});

test('without locks each tab has a stream of its own, and one that nobody looks at makes room', async () => {
  const { page: first, problems, close } = await openConsole(server.url, '/tasks');
  const context = first.context();
  // As on a page that came neither over TLS nor from this machine.
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
  await first.reload();
  await live(first);
  const hide = (tab: Page): Promise<void> =>
    tab.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
  let last = first;
  for (let n = 1; n < 8; n += 1) {
    await hide(last);
    last = await context.newPage();
    await last.goto(`${server.url}/console/tasks`);
    await live(last);
  }
  const id = await begin(server.url, 'function/echo', 'Said to those in view');
  await shows(last, id);
  await first.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await shows(first, id);
  await live(first);
  expect(problems).toEqual([]);
  await close();
});
