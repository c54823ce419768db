/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** Bytes of what agents keep of an owner, without what it is found by; `tenant` and `owner` are parameters. */
export const memoryBytes = (tenant: string, owner: string): string =>
  `coalesce((SELECT sum(pg_column_size(k.text)) FROM memories k WHERE k.tenant = ${tenant} AND k.owner = ${owner}), 0)`;
