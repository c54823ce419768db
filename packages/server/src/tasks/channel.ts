/** The channel on which instances tell each other which tasks have new events, and who may be following them. */
import { createHash } from 'node:crypto';

export const EVENTS_CHANNEL = 'continuo_events';

/** NOTIFY carries fewer than 8000 bytes. */
const MOST_BYTES = 7_900;
/** Begins what stands for a scope; instances from before there were scopes take it for the id of a task that nobody reads. */
const SCOPE = '~';

/** What is told of one flush: `any` for everything, where the list would be too long or comes from an older instance. */
export interface Told {
  readonly taskIds: readonly string[] | 'any';
  /** Marks of the owners and sessions whose feeds have something new. */
  readonly scopes: ReadonlySet<string> | 'any';
}

/** Whose events: all of an owner's, or those of one session. */
export interface Scope {
  readonly tenant: string;
  readonly owner: string;
  /** The key of the session. */
  readonly sessionId?: string | undefined;
}

/** Short: two scopes may have the same one, and are woken together. */
export function scopeMark({ tenant, owner, sessionId }: Scope): string {
  return createHash('sha256')
    .update(sessionId ?? `${tenant}\n${owner}`)
    .digest('hex')
    .slice(0, 8);
}

/** An SQL expression that tells of the tasks in `tasks`, a FROM item with the columns id, tenant, owner and session_id. */
export function tell(tasks: string): string {
  const mark = (of: string): string => `left(encode(sha256(convert_to(${of}, 'UTF8')), 'hex'), 8)`;
  return `
  (SELECT pg_notify('${EVENTS_CHANNEL}', CASE WHEN octet_length(told) > ${MOST_BYTES} THEN '*' ELSE told END) FROM (
    SELECT string_agg(id || ',${SCOPE}' || ${mark("tenant || E'\\n' || owner")}
      || coalesce(',${SCOPE}' || ${mark('session_id::text')}, ''), ',') AS told
    FROM ${tasks}) tell WHERE told IS NOT NULL)`;
}

export function toTold(payload: string): Told {
  if (payload === '*') return { taskIds: 'any', scopes: 'any' };
  const items = payload.split(',');
  const scopes = items.filter((item) => item.startsWith(SCOPE)).map((item) => item.slice(SCOPE.length));
  return {
    taskIds: items.filter((item) => !item.startsWith(SCOPE)),
    scopes: scopes.length === 0 ? 'any' : new Set(scopes),
  };
}
