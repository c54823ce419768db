/** What a browser fetches of the console for its first page, the overview with its charts, and not when it is idle. */
import type { Page } from 'playwright-core';

interface FirstLoad {
  readonly files: number;
  /** Bytes of everything but fonts, compressed so. */
  readonly code: { readonly gzip: number; readonly br: number };
  /** Bytes of the fonts, which are compressed already. */
  readonly fonts: number;
}

/** `page`: one that is open at this server; what it has cached is dropped. */
export async function firstLoad(page: Page, server: string): Promise<FirstLoad> {
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  // On a busy machine the page may be idle before it has drawn anything.
  await page.addInitScript('window.requestIdleCallback = () => 0');
  const urls = new Set<string>();
  page.on('request', (request) => {
    if (request.url().startsWith(`${server}/console/`)) urls.add(request.url());
  });
  await page.goto(`${server}/console/`);
  await page.locator('.plot canvas').first().waitFor();
  await page.locator('[data-connection=open]').waitFor();
  const fetched = [...urls];
  const isFont = (url: string): boolean => url.endsWith('.woff2');
  const rest = fetched.filter((url) => !isFont(url));
  return {
    files: fetched.length,
    code: { gzip: await bytesOf(rest, 'gzip'), br: await bytesOf(rest, 'br') },
    fonts: await bytesOf(fetched.filter(isFont), 'identity'),
  };
}

async function bytesOf(urls: readonly string[], encoding: string): Promise<number> {
  let bytes = 0;
  for (const url of urls) {
    const { headers } = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': encoding } });
    bytes += Number(headers.get('content-length'));
  }
  return bytes;
}
