/** Lists of the HTTP API, page by page, up to a number of items. */

const MOST_IN_PAGE = 100;

interface PageAsked {
  readonly pageSize: number;
  readonly pageToken: string | undefined;
}

/** The first `limit` items of the pages that `read` gives; `name` is the field of a page that holds them. */
export async function allPages<Name extends string, Item>(
  name: Name,
  limit: number,
  read: (page: PageAsked) => Promise<Readonly<Record<Name, readonly Item[]>> & { readonly nextPageToken: string }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let pageToken = '';
  do {
    const page = await read({
      pageSize: Math.min(MOST_IN_PAGE, limit - items.length),
      pageToken: pageToken || undefined,
    });
    items.push(...page[name]);
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && items.length < limit);
  return items.slice(0, limit);
}
