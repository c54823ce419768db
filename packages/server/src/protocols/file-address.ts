/** Where clients find the files that agents publish: clients are elsewhere, and need the whole address. */
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { webUrl } from '../platform/web-url.js';

const OWN_FILE = /\/files\/[^/?#]+(?:\?[^#]*)?$/;

/** `url`, which may be the path of a file of this server; `baseUrl`: where clients reach this server. */
export function wholeUrl(url: string, baseUrl: string): string {
  const [path] = url.startsWith('/') ? (OWN_FILE.exec(url) ?? []) : [];
  return path === undefined ? url : `${baseUrl}${path}`;
}

/**
 * Where the content of a part of an artifact is: where it says, if that is on the web, or below the task that `taskUrl` is
 * the address of. Clients make links of it, and one to `javascript:` or `data:` would be code in the page of who follows it.
 */
export function fileAddress({ url }: Pick<Part, 'url'>, artifactId: string, taskUrl: string): string {
  const whole = url === undefined ? undefined : wholeUrl(url, taskUrl.slice(0, taskUrl.lastIndexOf('/tasks/')));
  if (whole !== undefined && webUrl(whole) !== undefined) return whole;
  return `${taskUrl}/artifacts/${encodeURIComponent(artifactId)}`;
}
