/** Lists of the HTTP API, page by page, up to a number of items. */
import type { RequestOptions, Server } from './server.js';

const MOST_IN_PAGE = 100;

/** The first `limit` items; `name` is the field of a page that holds them. */
export async function allPages<Name extends string, Item>(
  server: Server,
  path: string,
  name: Name,
  query: NonNullable<RequestOptions['query']>,
  limit: number,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let pageToken = '';
  do {
    const page = await server.json<Readonly<Record<Name, readonly Item[]>> & { readonly nextPageToken?: string }>(
      path,
      {
        query: { ...query, pageSize: Math.min(MOST_IN_PAGE, limit - items.length), pageToken: pageToken || undefined },
      },
    );
    items.push(...page[name]);
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '' && items.length < limit);
  return items.slice(0, limit);
}
