/** The URNs under which Continuo adds to what A2A says, in the metadata of tasks, messages and events. */

/** Progress of a task: `{ fraction: 0..1, stage, createdAt, title?, parentTaskId?, rootTaskId?, attempt? }`. */
export const PROGRESS_EXTENSION = 'urn:continuo:a2a:progress:v1';
/** Why a task is held: `{ finished, found, since }`; null in an event: it is held no more. */
export const HELD_EXTENSION = 'urn:continuo:a2a:held:v1';
/** Whether and how a call used its session, in the task's metadata: `{ stateless, reason? }`. */
export const SESSIONS_EXTENSION = 'urn:continuo:a2a:sessions:v1';
/** What a waiting task asks for, in its question's metadata: `{ schema?, expiresAt? }`; on a card which data the agent takes: `{ schema }`. */
export const INPUT_EXTENSION = 'urn:continuo:a2a:input:v1';
/** Why a task failed, in its metadata: `{ name, message, step?, childTaskId?, question?, causes }`. */
export const ERROR_EXTENSION = 'urn:continuo:a2a:error:v1';
/** Who chose the agent of a task and why, in the metadata of the task and of what it says: `{ by, reason }`. */
export const DELEGATION_EXTENSION = 'urn:continuo:a2a:delegation:v1';
/**
 * Where the content of an artifact is that is too large for an answer, or for a client's limit, in its metadata:
 * `{ uri, bytes }`. `uri` is a path below the server's address; `bytes` is about its size, as JSON. The artifact then has no
 * parts.
 */
export const CONTENT_EXTENSION = 'urn:continuo:a2a:content:v1';
/**
 * Which tools a language model uses. In the metadata of an agent's message in a session: `calls` before they run, `result` for
 * each that has. In that of a status update: `{ answer, calls: [{ id, name, arguments }] }` when they begin to run, and
 * `{ result: { id, name, arguments?, output } }`, or `error` instead of `output`.
 */
export const TOOLS_EXTENSION = 'urn:continuo:a2a:tools:v1';
/**
 * Tools of clients. In a call's metadata what its client offers: `{ tools: [{ name, description?, inputSchema? }] }`. Among the
 * extensions of a question, which is for the client and not for people: it has a data part
 * `{ toolCalls: [{ id, name, arguments }] }`, and is answered with a data part
 * `{ toolResults: { <id>: { output } | { error } } }`.
 */
export const CLIENT_TOOLS_EXTENSION = 'urn:continuo:a2a:client-tools:v1';
