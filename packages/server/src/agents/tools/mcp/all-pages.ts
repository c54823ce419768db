/** A list of an MCP server, with all its pages. */
import { z } from 'zod';

export interface ServerRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const MOST_PAGES = 100;

const pageSchema = z.looseObject({ nextCursor: z.string().optional().catch(undefined) });

type Page = z.output<typeof pageSchema>;

/** The items are what `field` holds, whatever they are. `ask` gives one page; ends at a hundred. */
export async function allPages(
  method: string,
  field: string,
  ask: (request: ServerRequest, schema: typeof pageSchema) => Promise<Page>,
): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let cursor: string | undefined;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const page = await ask({ method, params: cursor === undefined ? {} : { cursor } }, pageSchema);
    const found = page[field];
    if (!Array.isArray(found)) throw new Error(`What it answered to ${method} has no list of ${field}.`);
    for (const item of found as readonly unknown[]) items.push(item);
    if (page.nextCursor === undefined || page.nextCursor === cursor) break;
    cursor = page.nextCursor;
  }
  return items;
}
