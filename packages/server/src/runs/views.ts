/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** The instances: `id`, the newest versions of their `agents` by key (null: any), since when each is lost, or left in order. */
export const instanceRows = '(SELECT id, agents, lost_at, left_at FROM instances)';

/** The versions of agents that instances have: `pinned`: its tasks stay with it; `alive`: the instance isn't lost. */
export const versionRows = `(SELECT a.instance_id, a.agent, a.version, a.rank, a.pinned, i.lost_at IS NULL AS alive
  FROM instance_agents a JOIN instances i ON i.id = a.instance_id)`;

/** Which agents are connected, as one text that is another when that changes; null for none. */
export const connectedAgents =
  "(SELECT string_agg(id::text, ' ' ORDER BY id) FROM external_agents WHERE disconnected_at IS NULL)";

/** Whether an agent was disconnected whose tasks may have to be held. */
export const someDisconnected = 'EXISTS (SELECT 1 FROM external_agents WHERE disconnected_at IS NOT NULL)';

/** Of tasks of limited agents: since when each has a place, on which instance, until when; `waits`: it waits for one. */
export const queueRows = `(SELECT q.task_id, q.begun_at, q.begun_by, q.ended_at,
    q.begun_at IS NULL AND EXISTS (SELECT 1 FROM agent_limits l WHERE l.agent = q.agent) AS waits
  FROM queued_runs q)`;

/** What the calls of language models of a task, a SQL expression, add up to, as JSON: UsageFigures; null without calls. */
export const usageOf = (taskId: string): string => `(
  SELECT json_build_object('calls', count(*), 'inputTokens', sum(input_tokens), 'outputTokens', sum(output_tokens),
    'totalTokens', sum(total_tokens), 'cachedInputTokens', sum(cached_input_tokens),
    'cacheWriteTokens', sum(cache_write_tokens), 'reasoningTokens', sum(reasoning_tokens),
    'costNanos', coalesce(sum(cost_nanos), 0), 'unpricedCalls', count(*) FILTER (WHERE cost_nanos IS NULL),
    'estimatedCalls', count(*) FILTER (WHERE estimated))
  FROM model_calls WHERE task_id = ${taskId} HAVING count(*) > 0)`;

/** What runs of tasks have finished, or begun: see runs/journal-entry.ts. */
export const journalRows =
  '(SELECT task_id, origin, seq, kind, name, failed, result, started_at, ended_at FROM journal)';

/** Whether a row `j` of the journal is a step that has ended: what waits for a time or a message has not. */
export const finishedStep = "j.kind IN ('step', 'inbox', 'sleep') AND j.ended_at IS NOT NULL";

/** The name of the question `id` that the task asks; both SQL expressions. Null for one that has none but its words. */
export const questionName = (taskId: string, id: string): string => `(
  SELECT q.name FROM journal q
  WHERE q.task_id = ${taskId} AND q.key = ${id} AND q.kind = 'question' AND q.result = to_json(q.name)::text
  ORDER BY q.origin DESC LIMIT 1)`;

/** What agents have logged: the lines of one commit in each row, under `keys`, `origin:hash` of each. */
export const logRows = '(SELECT task_id, keys, bytes, dropped FROM task_logs)';

/** Bytes of what the agents of a caller's tasks have logged; both SQL expressions. */
export const logBytes = (tenant: string, owner: string): string =>
  `coalesce((SELECT sum(bytes) FROM task_logs WHERE tenant = ${tenant} AND owner = ${owner}), 0)`;
