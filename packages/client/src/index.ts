/** A typed client of a Continuo server, for Node and browsers.
 *
 * @module @continuo/client
 */
export { ContinuoClient, type StatisticsCall } from './client.js';
export { ServerConnection } from './server-connection.js';
export { agentNameFrom } from './agent-name.js';
export { ContinuoApiError, type ApiErrorDetails } from './api-error.js';
export { foldTask, TaskFold } from './task-fold.js';
export { answerOf, textOf } from './text.js';
export { hasEnded, isWaiting } from './fold.js';
export { CONTENT_EXTENSION, HELD_EXTENSION, PROGRESS_EXTENSION } from './extensions.js';
export { isBefore, placeOf } from './feed-position.js';
export type { AgentCallOptions, AgentsClient } from './agents.js';
export type { Connection, StreamEvent, StreamOptions } from './event-stream.js';
export type { FilesClient } from './files.js';
export type { AuditClient } from './audit.js';
export type { KeysClient } from './keys.js';
export type { MemoriesClient } from './memories.js';
export type { ReadOptions } from './read-bytes.js';
export type { Said, SaidMessage } from './said.js';
export type { SessionsClient } from './sessions.js';
export type { FeedOptions, TaskEvent } from './task-events.js';
export type { Owned, TaskListQuery, TasksClient } from './tasks.js';
export type { Answer, CallOptions, ContinuoClientOptions, Given, OperationId, TokenSource } from './transport.js';
export type { Uploadable, UploadOptions } from './upload.js';
export type { WebhooksClient } from './webhooks.js';
export type * from './schema.generated.js';
