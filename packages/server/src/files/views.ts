/** What statements of other rooms may read of this room's tables, and what one that copies messages writes: parts of statements. */

/** Bytes of the files of an owner, unfinished ones as far as they are stored; `tenant` and `owner` are parameters. */
export const fileBytes = (tenant: string, owner: string): string =>
  `coalesce((SELECT sum(f.bytes) FROM files f WHERE f.tenant = ${tenant} AND f.owner = ${owner}), 0)`;

/** The last segment of an address, as `namedFile` reads it. */
const NAMED = String.raw`/files/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:[?#]|$)`;

/**
 * CTE `named`: the files of `tenant` and `owner` that the `message` of each row of `copied` names live with its `session_id`
 * from now on. What is somebody else's goes as its owner wants it to.
 */
export function keepFilesOfCopies(copied: string, tenant: string, owner: string): string {
  return `
  named AS (
    INSERT INTO file_sessions (session_id, file_id)
    SELECT DISTINCT c.session_id, f.id
    FROM ${copied} c
    CROSS JOIN LATERAL json_array_elements(
      CASE WHEN json_typeof(c.message->'parts') = 'array' THEN c.message->'parts' ELSE '[]' END) part
    JOIN files f ON f.id = substring(part->>'url' from '${NAMED}')::uuid
    WHERE f.tenant = ${tenant} AND f.owner = ${owner} AND f.completed_at IS NOT NULL
    ON CONFLICT DO NOTHING
  )`;
}
