/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** What stands in front of each word of an owner. */
export const ownerMark = (tenant: string, owner: string): string => `continuo_owner_mark(${tenant}, ${owner})`;

/** An SQL expression: the query of `parameter`, which `prefixQuery` made, among the words of `tenant` and `owner`. */
export function ownQuery(tenant: string, owner: string, parameter: string): string {
  // PostgreSQL may take a word for several, next to each other: where words stand is not kept.
  const query = `regexp_replace(to_tsquery('simple', ${parameter})::text, '<[-0-9]+>', '&', 'g')`;
  return `regexp_replace(${query}, '''([^'']+)''', '''' || ${ownerMark(tenant, owner)} || '\\1''', 'g')::tsquery`;
}

/** The `task_id` of messages of this tenant and owner that have the words of `parameter`. */
export const tasksThatSay = (tenant: string, owner: string, parameter: string): string =>
  `SELECT task_id FROM messages WHERE words @@ ${ownQuery(tenant, owner, parameter)}`;

/** The number of the last message of the session, a column or a parameter. */
export const lastIn = (session: string): string => `(SELECT last_seq FROM sessions WHERE id = ${session})`;

/** The messages of a session, to ask whether there are any; `session` is a column or a parameter. */
export const messagesOfSession = (session: string): string =>
  `SELECT FROM messages said WHERE said.session_id = ${session}`;

/** Whether the session is shared with this tenant and owner; all are columns or parameters. */
export const isShared = (session: string, tenant: string, owner: string): string =>
  `EXISTS (SELECT FROM session_shares h WHERE h.session_id = ${session} AND h.tenant = ${tenant} AND h.owner = ${owner})`;

/** Bytes of all that is said, kept and known of the sessions of an owner, as it lies there; `tenant` and `owner` are parameters. */
export const sessionBytes = (tenant: string, owner: string): string => `
     coalesce((SELECT sum(pg_column_size(s.state) + coalesce(pg_column_size(s.metadata), 0)) FROM sessions s WHERE s.tenant = ${tenant} AND s.owner = ${owner}), 0)
     + coalesce((SELECT sum(pg_column_size(m.message)) FROM sessions s JOIN messages m ON m.session_id = s.id
                 WHERE s.tenant = ${tenant} AND s.owner = ${owner}), 0)`;

/**
 * What the owner of a session said in it, with `seq`, `message_id` and `message`: not what others said to whom it is shared,
 * what agents say or pass on, or what was copied from another session. Both are columns or parameters.
 */
export const saidByOwner = (session: string, owner: string): string => `
  SELECT seq, message_id, message FROM messages
  WHERE session_id = ${session} AND task_id IS NOT NULL AND message->>'role' = 'ROLE_USER'
    AND message->'metadata'->>'agent' IS NULL
    AND coalesce(message->'metadata'->'urn:continuo:a2a:sessions:v1'->>'author', ${owner}) = ${owner}`;

/**
 * The number of the last message of a session behind message `from` and up to `to` that is read along with those before it:
 * so many of them or so many bytes, at least one; null where there is none. All are columns or parameters.
 */
export const endOfLook = (
  session: string,
  from: string,
  to: string,
  { messages, bytes }: { readonly messages: number; readonly bytes: number },
): string => `(
  SELECT max(seq) FROM (
    SELECT seq, bytes, sum(bytes) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS upto FROM (
      SELECT seq, bytes FROM messages WHERE session_id = ${session} AND seq > ${from} AND seq <= ${to}
      ORDER BY seq LIMIT ${messages}) behind) looked
  WHERE upto <= ${bytes} OR upto = bytes)`;

/** The text of a message, a column, as `textOf` has it: so many characters of it. */
export const startOfText = (message: string, characters: number): string => `
  coalesce((SELECT left(string_agg(part->>'text', E'\\n'), ${characters}) FROM json_array_elements(${message}->'parts') part), '')`;
