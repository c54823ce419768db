/** The URNs under which Continuo adds to what A2A says, in the metadata of tasks, messages and events. */

/** Progress of a task: `{ fraction: 0..1, stage, createdAt, title?, parentTaskId?, rootTaskId?, attempt? }`. */
export const PROGRESS_EXTENSION = 'urn:continuo:a2a:progress:v1';
/** Why a task is held: `{ finished, found, since }`; null in an event: it is held no more. */
export const HELD_EXTENSION = 'urn:continuo:a2a:held:v1';
/** Where the content of an artifact is that is too large for an answer or for a client's limit: `{ uri, bytes }`. */
export const CONTENT_EXTENSION = 'urn:continuo:a2a:content:v1';
