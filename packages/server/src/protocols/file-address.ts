/** Where clients find the files that agents publish: clients are elsewhere, and need the whole address. */
import type { Part } from '@continuo/agent/internal/sessions/message.js';

const OWN_FILE = /\/files\/[^/?#]+(?:\?[^#]*)?$/;

/** `url`, which may be the path of a file of this server; `baseUrl`: where clients reach this server. */
export function wholeUrl(url: string, baseUrl: string): string {
  const [path] = url.startsWith('/') ? (OWN_FILE.exec(url) ?? []) : [];
  return path === undefined ? url : `${baseUrl}${path}`;
}

/** Where the content of a part of an artifact is: where it says, or below the task that `taskUrl` is the address of. */
export function fileAddress({ url }: Pick<Part, 'url'>, artifactId: string, taskUrl: string): string {
  if (url === undefined) return `${taskUrl}/artifacts/${encodeURIComponent(artifactId)}`;
  return wholeUrl(url, taskUrl.slice(0, taskUrl.lastIndexOf('/tasks/')));
}
