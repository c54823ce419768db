/** What a task's log says before one of its events, found in its place: the log isn't read from its start for it. */
import { PROGRESS_EXTENSION, TOOLS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { orUnavailable, type Reader } from '../platform/database.js';
import { firstChunk } from './present-content.js';

/** Where an artifact's content of that time begins. */
export interface ArtifactBefore {
  readonly begins: number;
  readonly name: string | null;
}

/** The event that told of a call of a tool. */
export interface CallBefore {
  readonly seq: number;
  /** In the event's metadata, under TOOLS_EXTENSION. */
  readonly told: unknown;
}

const presentSql = `
SELECT a.first_seq::int AS begins, e.about->>'name' AS name FROM artifacts a CROSS JOIN LATERAL (${firstChunk('a')}) e
WHERE a.task_id = $1 AND a.artifact_id = $2`;

/** The page that has the event $2. */
const pageOf = `(SELECT p.last_seq FROM task_pages p WHERE p.task_id = $1 AND p.last_seq >= $2 ORDER BY p.last_seq LIMIT 1)`;

/** Of one that begins anew behind $2, where it began before: pages without it are passed by. */
const replacedSql = `
SELECT e.seq::int AS begins, e.outline->'artifact'->>'name' AS name
FROM task_pages p JOIN task_events e ON e.task_id = p.task_id AND e.page = p.last_seq
WHERE p.task_id = $1 AND p.last_seq <= ${pageOf} AND $3 = ANY (p.artifacts)
  AND e.artifact_id = $3 AND e.seq <= $2 AND e.outline->>'append' = 'false'
ORDER BY p.last_seq DESC, e.seq DESC LIMIT 1`;

/** From $2 back to the next event that tells of the call $3, or begins another attempt, which makes its calls anew. */
const callSql = `
SELECT seq, told FROM (
  SELECT e.seq::int AS seq, e.payload->'metadata'->'${TOOLS_EXTENSION}' AS told
  FROM task_events e
  WHERE e.task_id = $1 AND e.seq <= $2
    AND e.page <= ${pageOf}
    AND (e.payload->'metadata'->'${PROGRESS_EXTENSION}'->'attempt' IS NOT NULL
      OR EXISTS (SELECT FROM json_array_elements(e.payload->'metadata'->'${TOOLS_EXTENSION}'->'calls') c
                 WHERE c->>'id' = $3))
  ORDER BY e.page DESC, e.seq DESC LIMIT 1) latest
WHERE told IS NOT NULL`;

export class LogBefore {
  constructor(
    private readonly database: Reader,
    private readonly taskId: string,
    private readonly seq: number,
  ) {}

  /** Undefined for one that there was not. */
  async artifact(artifactId: string): Promise<ArtifactBefore | undefined> {
    const { taskId, seq } = this;
    const [present] = await this.#find<ArtifactBefore>('artifact-now', presentSql, [taskId, artifactId]);
    if (present === undefined || present.begins <= seq) return present;
    const [replaced] = await this.#find<ArtifactBefore>('artifact-before', replacedSql, [taskId, seq, artifactId]);
    return replaced;
  }

  /** As it was told last; undefined when it wasn't. */
  async call(id: string): Promise<CallBefore | undefined> {
    const [row] = await this.#find<CallBefore>('call-before', callSql, [this.taskId, this.seq, id]);
    return row;
  }

  #find<Row extends object>(name: string, sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return orUnavailable(() => this.database.prepared<Row & Record<string, unknown>>(name, sql, values));
  }
}
