/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** Bytes of the files of an owner, unfinished ones as far as they are stored; `tenant` and `owner` are parameters. */
export const fileBytes = (tenant: string, owner: string): string =>
  `coalesce((SELECT sum(f.bytes) FROM files f WHERE f.tenant = ${tenant} AND f.owner = ${owner}), 0)`;
