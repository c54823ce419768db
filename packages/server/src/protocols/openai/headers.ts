/** The headers by which clients of OpenAI's APIs are told what those have no field for. */

/** Names the session, in requests and answers. */
export const SESSION_HEADER = 'X-Session-Id';
export const TASK_HEADER = 'X-Task-Id';
/** OpenAI's own clients don't repeat a request then: what it began goes on. */
export const DONT_RETRY = ['x-should-retry', 'false'] as const;
