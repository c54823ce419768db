/** Generated from the OpenAPI document by scripts/api-client.mjs; not to be edited. */
export type Part = { readonly "text"?: string | undefined; readonly "raw"?: string | undefined; readonly "url"?: string | undefined; readonly "data"?: unknown | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "filename"?: string | undefined; readonly "mediaType"?: string | undefined; };
export type Message = { readonly "messageId": string; readonly "contextId"?: string | undefined; readonly "taskId"?: string | undefined; readonly "role": "ROLE_USER" | "ROLE_AGENT"; readonly "parts": readonly (Part)[]; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "extensions"?: readonly (string)[] | undefined; readonly "referenceTaskIds"?: readonly (string)[] | undefined; };
export type Artifact = { readonly "artifactId": string; readonly "name"?: string | undefined; readonly "description"?: string | undefined; readonly "parts": readonly (Part)[]; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "extensions"?: readonly (string)[] | undefined; };
export type TaskStatus = { readonly "state": "TASK_STATE_SUBMITTED" | "TASK_STATE_WORKING" | "TASK_STATE_INPUT_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "TASK_STATE_COMPLETED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" | "TASK_STATE_REJECTED"; readonly "message"?: Message | undefined; readonly "timestamp": string; };
export type TaskMetadata = { readonly "agent"?: string | undefined; readonly "agentVersion"?: string | undefined; readonly [name: string]: unknown; };
export type Task = { readonly "id": string; readonly "contextId": string; readonly "status": TaskStatus; readonly "artifacts"?: readonly (Artifact)[] | undefined; readonly "history"?: readonly (Message)[] | undefined; readonly "metadata"?: TaskMetadata | undefined; };
export type TaskList = { readonly "tasks": readonly (Task)[]; readonly "nextPageToken": string; readonly "pageSize": number; readonly "totalSize": number; };
export type TaskStatistics = { readonly "from": string; readonly "to": string; readonly "bucketSeconds": number; readonly "truncated": boolean; readonly "now": { readonly "queued": number; readonly "running": number; readonly "held": number; readonly "waiting": number; }; readonly "total": { readonly "begun": number; readonly "completed": number; readonly "failed": number; readonly "canceled": number; readonly "medianMs": number | null; readonly "p95Ms": number | null; readonly "tokens": number; readonly "cost": number; }; readonly "buckets": readonly ({ readonly "start": string; readonly "begun": number; readonly "completed": number; readonly "failed": number; readonly "canceled": number; readonly "medianMs": number | null; readonly "p95Ms": number | null; readonly "tokens": number; readonly "cost": number; })[]; readonly "agents": readonly ({ readonly "agent": string; readonly "queued": number; readonly "running": number; readonly "held": number; readonly "waiting": number; readonly "begun": number; readonly "completed": number; readonly "failed": number; readonly "canceled": number; readonly "medianMs": number | null; readonly "p95Ms": number | null; readonly "tokens": number; readonly "cost": number; })[]; };
export type UsageReport = { readonly "from": string; readonly "to": string; readonly "total": { readonly "calls": number; readonly "inputTokens": number; readonly "outputTokens": number; readonly "totalTokens": number; readonly "cachedInputTokens"?: number | undefined; readonly "cacheWriteTokens"?: number | undefined; readonly "reasoningTokens"?: number | undefined; readonly "cost"?: number | undefined; readonly "unpricedCalls"?: number | undefined; readonly "estimatedCalls"?: number | undefined; }; readonly "groups": readonly ({ readonly "day"?: string | null | undefined; readonly "agent"?: string | null | undefined; readonly "session"?: string | null | undefined; readonly "task"?: string | null | undefined; readonly "model"?: string | null | undefined; readonly "owner"?: string | null | undefined; readonly "calls": number; readonly "inputTokens": number; readonly "outputTokens": number; readonly "totalTokens": number; readonly "cachedInputTokens"?: number | undefined; readonly "cacheWriteTokens"?: number | undefined; readonly "reasoningTokens"?: number | undefined; readonly "cost"?: number | undefined; readonly "unpricedCalls"?: number | undefined; readonly "estimatedCalls"?: number | undefined; })[]; readonly "truncated": boolean; };
export type TaskSteps = { readonly "steps": readonly ({ readonly "number": number; readonly "name": string; readonly "failed": boolean; readonly "startedAt": string | null; readonly "endedAt": string | null; })[]; };
export type StreamResponse = { readonly "task"?: Task | undefined; readonly "statusUpdate"?: { readonly "taskId": string; readonly "contextId": string; readonly "status": TaskStatus; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; } | undefined; readonly "artifactUpdate"?: { readonly "taskId": string; readonly "contextId": string; readonly "artifact": Artifact; readonly "append": boolean; readonly "lastChunk": boolean; } | undefined; };
export type Session = { readonly "id": string; readonly "title": string | null; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "messageCount": number; readonly "createdAt": string; readonly "updatedAt": string; readonly "owner"?: string | undefined; readonly "access"?: "read" | "write" | undefined; };
export type SessionShare = { readonly "owner": string; readonly "access": "read" | "write"; readonly "createdAt": string; };
export type SessionShareList = { readonly "shares": readonly (SessionShare)[]; };
export type SessionPage = { readonly "sessions": readonly (Session)[]; readonly "nextPageToken": string; };
export type SessionState = { readonly [name: string]: unknown; };
export type SessionMessage = { readonly "seq": number; readonly "message": Message; readonly "taskId"?: string | undefined; readonly "agent"?: string | undefined; readonly "createdAt": string; };
export type MessagePage = { readonly "messages": readonly (SessionMessage)[]; readonly "nextPageToken": string; };
export type SessionExport = { readonly "session": Session; readonly [name: string]: unknown; };
export type AgentSkill = { readonly "id": string; readonly "name": string; readonly "description": string; readonly "tags": readonly (string)[]; readonly "examples"?: readonly (string)[] | undefined; };
export type AgentCard = { readonly "name": string; readonly "description": string; readonly "version": string; readonly "supportedInterfaces": readonly ({ readonly "url": string; readonly "protocolBinding": string; readonly "protocolVersion": string; })[]; readonly "capabilities": { readonly "streaming"?: boolean | undefined; readonly "pushNotifications"?: boolean | undefined; readonly "extensions"?: readonly ({ readonly "uri": string; readonly "description"?: string | undefined; readonly [name: string]: unknown; })[] | undefined; readonly [name: string]: unknown; }; readonly "defaultInputModes": readonly (string)[]; readonly "defaultOutputModes": readonly (string)[]; readonly "skills": readonly (AgentSkill)[]; readonly [name: string]: unknown; };
export type Agent = { readonly "type": string; readonly "name": string; readonly "internal": boolean; readonly "card": AgentCard; };
export type AgentList = { readonly "agents": readonly (Agent)[]; };
export type ErrorAnswer = { readonly "error": { readonly "code": number; readonly "status": string; readonly "message": string; readonly "details": readonly ({ readonly "@type": string; readonly [name: string]: unknown; })[]; }; };
export type ApiKey = { readonly "id": string; readonly "prefix": string; readonly "name": string; readonly "tenant": string; readonly "owner": string; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "agents"?: readonly (string)[] | undefined; readonly "createdAt": string; readonly "expiresAt"?: string | undefined; readonly "lastUsedAt"?: string | undefined; readonly "revokedAt"?: string | undefined; };
export type NewApiKey = { readonly "id": string; readonly "prefix": string; readonly "name": string; readonly "tenant": string; readonly "owner": string; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "agents"?: readonly (string)[] | undefined; readonly "createdAt": string; readonly "expiresAt"?: string | undefined; readonly "lastUsedAt"?: string | undefined; readonly "revokedAt"?: string | undefined; readonly "key"?: string | undefined; };
export type ApiKeyPage = { readonly "keys": readonly (ApiKey)[]; readonly "nextPageToken": string; };
export type Caller = { readonly "tenant": string; readonly "owner": string; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "local": boolean; readonly "languageModel": boolean; };
export type SignInOptions = { readonly "schemes": readonly ("keys" | "jwt")[]; readonly "openIdConnect"?: { readonly "issuer": string; readonly "clientId": string; readonly "scope": string; readonly "audience": string; } | undefined; };
export type File = { readonly "id": string; readonly "url": string; readonly "name": string; readonly "mediaType": string; readonly "bytes": number; readonly "sha256": string | null; readonly "sessionId": string; readonly "complete": boolean; readonly "createdAt": string; readonly "expiresAt"?: string | undefined; };
export type FilePage = { readonly "files": readonly (File)[]; readonly "nextPageToken": string; };
export type Memory = { readonly "id": string; readonly "agent": string; readonly "kind": "fact" | "preference"; readonly "text": string; readonly "source"?: { readonly "sessionId": string; readonly "messageId": string; } | undefined; readonly "createdAt": string; readonly "updatedAt": string; };
export type MemoryPage = { readonly "memories": readonly (Memory)[]; readonly "nextPageToken": string; };
export type MemoryExport = { readonly "memories": readonly (Memory)[]; };
export type Webhook = { readonly "id": string; readonly "url": string; readonly "description": string | null; readonly "agents": readonly (string)[] | null; readonly "states": readonly ("TASK_STATE_SUBMITTED" | "TASK_STATE_WORKING" | "TASK_STATE_INPUT_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "TASK_STATE_COMPLETED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" | "TASK_STATE_REJECTED" | "HELD")[] | null; readonly "sessionIds": readonly (string)[] | null; readonly "kinds": readonly ("task" | "statusUpdate" | "artifactUpdate")[]; readonly "state": "active" | "paused" | "gone"; readonly "stateAt": string | null; readonly "stateReason": string | null; readonly "failingSince": string | null; readonly "taskId"?: string | undefined; readonly "configId"?: string | undefined; readonly "createdAt": string; readonly "updatedAt": string; };
export type WebhookWithSecret = { readonly "id": string; readonly "url": string; readonly "description": string | null; readonly "agents": readonly (string)[] | null; readonly "states": readonly ("TASK_STATE_SUBMITTED" | "TASK_STATE_WORKING" | "TASK_STATE_INPUT_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "TASK_STATE_COMPLETED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" | "TASK_STATE_REJECTED" | "HELD")[] | null; readonly "sessionIds": readonly (string)[] | null; readonly "kinds": readonly ("task" | "statusUpdate" | "artifactUpdate")[]; readonly "state": "active" | "paused" | "gone"; readonly "stateAt": string | null; readonly "stateReason": string | null; readonly "failingSince": string | null; readonly "taskId"?: string | undefined; readonly "configId"?: string | undefined; readonly "createdAt": string; readonly "updatedAt": string; readonly "secret": string; };
export type WebhookPage = { readonly "webhooks": readonly (Webhook)[]; readonly "nextPageToken": string; };
export type WebhookTestResult = { readonly "id": string; readonly "ok": boolean; readonly "at": string; readonly "status": number | null; readonly "latencyMs": number; readonly "response": string | null; readonly "error": string | null; };
export type WebhookAttempt = { readonly "number": number; readonly "at": string; readonly "status": number | null; readonly "latencyMs": number; readonly "response": string | null; readonly "error": string | null; };
export type WebhookDelivery = { readonly "id": string; readonly "webhookId": string; readonly "url": string; readonly "taskId": string; readonly "seq": number; readonly "kind": "task" | "statusUpdate" | "artifactUpdate"; readonly "status": "pending" | "delivered" | "dead" | "dropped"; readonly "attemptCount": number; readonly "createdAt": string; readonly "deliveredAt": string | null; readonly "nextAttemptAt": string | null; readonly "lastAttempt": WebhookAttempt | null; };
export type WebhookDeliveryWithAttempts = { readonly "id": string; readonly "webhookId": string; readonly "url": string; readonly "taskId": string; readonly "seq": number; readonly "kind": "task" | "statusUpdate" | "artifactUpdate"; readonly "status": "pending" | "delivered" | "dead" | "dropped"; readonly "attemptCount": number; readonly "createdAt": string; readonly "deliveredAt": string | null; readonly "nextAttemptAt": string | null; readonly "lastAttempt": WebhookAttempt | null; readonly "attempts": readonly (WebhookAttempt)[]; };
export type WebhookDeliveryPage = { readonly "deliveries": readonly (WebhookDelivery)[]; readonly "nextPageToken": string; };
export type WebhookRedelivered = { readonly "redelivered": number; };

export interface Operations {
  listAgents: { answer: AgentList; };
  createTask: { path: { type: string; name: string; }; query?: { owner?: string | undefined; }; body: { readonly "message": string | { readonly [name: string]: unknown; }; readonly "sessionId"?: string | null | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; readonly "wait"?: boolean | null | undefined; readonly "startAt"?: string | null | undefined; readonly "priority"?: number | null | undefined; readonly "maxTokens"?: number | null | undefined; readonly "maxCost"?: number | null | undefined; }; answer: Task; };
  listTasks: { query?: { pageSize?: string | undefined; pageToken?: string | undefined; agent?: string | undefined; state?: string | undefined; status?: string | undefined; held?: string | undefined; sessionId?: string | undefined; contextId?: string | undefined; statusTimestampAfter?: string | undefined; rootTaskId?: string | undefined; parentTaskId?: string | undefined; q?: string | undefined; owner?: string | undefined; historyLength?: string | undefined; includeArtifacts?: string | undefined; order?: string | undefined; }; answer: TaskList; };
  followTasks: { answer: StreamResponse; };
  getTask: { path: { id: string; }; query?: { owner?: string | undefined; historyLength?: string | undefined; }; answer: Task; };
  followTask: { path: { id: string; }; query?: { owner?: string | undefined; follow?: string | undefined; }; answer: StreamResponse; };
  readArtifact: { path: { id: string; artifactId: string; }; query?: { owner?: string | undefined; part?: string | undefined; }; answer: string; };
  listSteps: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: TaskSteps; };
  cancelTask: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: Task; };
  retryTask: { path: { id: string; }; query?: { owner?: string | undefined; }; body: { readonly "from"?: "failed-step" | "start" | null | undefined; }; answer: Task; };
  readStatistics: { query?: { hours?: string | undefined; agent?: string | undefined; }; answer: TaskStatistics; };
  readUsage: { query?: { by?: string | undefined; from?: string | undefined; to?: string | undefined; agent?: string | undefined; model?: string | undefined; sessionId?: string | undefined; rootTaskId?: string | undefined; all?: string | undefined; owner?: string | undefined; }; answer: UsageReport; };
  listSessions: { query?: { pageSize?: string | undefined; pageToken?: string | undefined; q?: string | undefined; shared?: string | undefined; }; answer: SessionPage; };
  createSession: { body: { readonly "title"?: string | null | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; }; answer: Session; };
  getSession: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: Session; };
  updateSession: { path: { id: string; }; body: { readonly "title"?: string | null | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; }; answer: Session; };
  deleteSession: { path: { id: string; }; answer: undefined; };
  exportSession: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: SessionExport; };
  forkSession: { path: { id: string; }; query?: { owner?: string | undefined; }; body: { readonly "messageId"?: string | null | undefined; readonly "title"?: string | null | undefined; }; answer: Session; };
  getSessionState: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: SessionState; };
  updateSessionState: { path: { id: string; }; body: { readonly [name: string]: unknown; }; answer: SessionState; };
  listMessages: { path: { id: string; }; query?: { owner?: string | undefined; pageSize?: string | undefined; pageToken?: string | undefined; order?: string | undefined; }; answer: MessagePage; };
  followSession: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: StreamResponse; };
  listShares: { path: { id: string; }; answer: SessionShareList; };
  shareSession: { path: { id: string; }; body: { readonly "owner": string; readonly "access": "read" | "write"; }; answer: SessionShare; };
  unshareSession: { path: { id: string; owner: string; }; answer: undefined; };
  listMemories: { query?: { pageSize?: string | undefined; pageToken?: string | undefined; q?: string | undefined; agent?: string | undefined; }; answer: MemoryPage; };
  createMemory: { body: { readonly "agent": string; readonly "text": string; readonly "kind"?: "fact" | "preference" | null | undefined; }; answer: Memory; };
  exportMemories: { query?: { agent?: string | undefined; }; answer: MemoryExport; };
  updateMemory: { path: { id: string; }; body: { readonly "text"?: string | undefined; readonly "kind"?: "fact" | "preference" | undefined; }; answer: Memory; };
  deleteMemory: { path: { id: string; }; answer: undefined; };
  listFiles: { query?: { owner?: string | undefined; pageSize?: string | undefined; pageToken?: string | undefined; sessionId?: string | undefined; complete?: string | undefined; }; answer: FilePage; };
  uploadFile: { query?: { owner?: string | undefined; sessionId?: string | undefined; name?: string | undefined; }; body: string; answer: File; };
  readFile: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: string; };
  continueUpload: { path: { id: string; }; query?: { owner?: string | undefined; }; body: string; answer: File; };
  deleteFile: { path: { id: string; }; query?: { owner?: string | undefined; }; answer: undefined; };
  listWebhooks: { query?: { pageSize?: string | undefined; pageToken?: string | undefined; }; answer: WebhookPage; };
  createWebhook: { body: { readonly "url": string; readonly "description"?: string | null | undefined; readonly "agents"?: readonly (string)[] | null | undefined; readonly "states"?: readonly (string)[] | null | undefined; readonly "sessionIds"?: readonly (string)[] | null | undefined; readonly "kinds"?: readonly ("task" | "statusUpdate" | "artifactUpdate")[] | null | undefined; }; answer: WebhookWithSecret; };
  listDeliveries: { query?: { pageSize?: string | undefined; pageToken?: string | undefined; taskId?: string | undefined; endpoint?: string | undefined; status?: string | undefined; }; answer: WebhookDeliveryPage; };
  getDelivery: { path: { id: string; }; answer: WebhookDeliveryWithAttempts; };
  redeliver: { path: { id: string; }; answer: WebhookDeliveryWithAttempts; };
  redeliverAll: { body: { readonly "endpoint": string; readonly "status"?: "dead" | "dropped" | undefined; readonly "after"?: string | null | undefined; readonly "before"?: string | null | undefined; }; answer: WebhookRedelivered; };
  getWebhook: { path: { id: string; }; answer: Webhook; };
  updateWebhook: { path: { id: string; }; body: { readonly "url"?: string | undefined; readonly "description"?: string | null | undefined; readonly "agents"?: readonly (string)[] | null | undefined; readonly "states"?: readonly (string)[] | null | undefined; readonly "sessionIds"?: readonly (string)[] | null | undefined; readonly "kinds"?: readonly ("task" | "statusUpdate" | "artifactUpdate")[] | null | undefined; }; answer: Webhook; };
  deleteWebhook: { path: { id: string; }; answer: undefined; };
  rotateSecret: { path: { id: string; }; body: { readonly "overlapSeconds"?: number | undefined; }; answer: WebhookWithSecret; };
  pauseWebhook: { path: { id: string; }; answer: Webhook; };
  resumeWebhook: { path: { id: string; }; answer: Webhook; };
  testWebhook: { path: { id: string; }; answer: WebhookTestResult; };
  getCaller: { answer: Caller; };
  getSignInOptions: { answer: SignInOptions; };
  listKeys: { query?: { pageSize?: string | undefined; pageToken?: string | undefined; }; answer: ApiKeyPage; };
  createKey: { body: { readonly "owner": string; readonly "name"?: string | null | undefined; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "agents"?: readonly (string)[] | null | undefined; readonly "expiresAt"?: string | null | undefined; }; answer: NewApiKey; };
  revokeKey: { path: { id: string; }; answer: undefined; };
}

export const operations = {
  listAgents: { method: 'GET', path: '/agents' },
  createTask: { method: 'POST', path: '/agents/{type}/{name}/tasks' },
  listTasks: { method: 'GET', path: '/tasks' },
  followTasks: { method: 'GET', path: '/tasks/events' },
  getTask: { method: 'GET', path: '/tasks/{id}' },
  followTask: { method: 'GET', path: '/tasks/{id}/events' },
  readArtifact: { method: 'GET', path: '/tasks/{id}/artifacts/{artifactId}' },
  listSteps: { method: 'GET', path: '/tasks/{id}/steps' },
  cancelTask: { method: 'POST', path: '/tasks/{id}:cancel' },
  retryTask: { method: 'POST', path: '/tasks/{id}:retry' },
  readStatistics: { method: 'GET', path: '/statistics' },
  readUsage: { method: 'GET', path: '/usage' },
  listSessions: { method: 'GET', path: '/sessions' },
  createSession: { method: 'POST', path: '/sessions' },
  getSession: { method: 'GET', path: '/sessions/{id}' },
  updateSession: { method: 'PATCH', path: '/sessions/{id}' },
  deleteSession: { method: 'DELETE', path: '/sessions/{id}' },
  exportSession: { method: 'GET', path: '/sessions/{id}/export' },
  forkSession: { method: 'POST', path: '/sessions/{id}:fork' },
  getSessionState: { method: 'GET', path: '/sessions/{id}/state' },
  updateSessionState: { method: 'PATCH', path: '/sessions/{id}/state' },
  listMessages: { method: 'GET', path: '/sessions/{id}/messages' },
  followSession: { method: 'GET', path: '/sessions/{id}/events' },
  listShares: { method: 'GET', path: '/sessions/{id}/shares' },
  shareSession: { method: 'POST', path: '/sessions/{id}/shares' },
  unshareSession: { method: 'DELETE', path: '/sessions/{id}/shares/{owner}' },
  listMemories: { method: 'GET', path: '/memories' },
  createMemory: { method: 'POST', path: '/memories' },
  exportMemories: { method: 'GET', path: '/memories/export' },
  updateMemory: { method: 'PATCH', path: '/memories/{id}' },
  deleteMemory: { method: 'DELETE', path: '/memories/{id}' },
  listFiles: { method: 'GET', path: '/files' },
  uploadFile: { method: 'POST', path: '/files' },
  readFile: { method: 'GET', path: '/files/{id}' },
  continueUpload: { method: 'PATCH', path: '/files/{id}' },
  deleteFile: { method: 'DELETE', path: '/files/{id}' },
  listWebhooks: { method: 'GET', path: '/webhooks' },
  createWebhook: { method: 'POST', path: '/webhooks' },
  listDeliveries: { method: 'GET', path: '/webhooks/deliveries' },
  getDelivery: { method: 'GET', path: '/webhooks/deliveries/{id}' },
  redeliver: { method: 'POST', path: '/webhooks/deliveries/{id}:redeliver' },
  redeliverAll: { method: 'POST', path: '/webhooks/deliveries:redeliver' },
  getWebhook: { method: 'GET', path: '/webhooks/{id}' },
  updateWebhook: { method: 'PATCH', path: '/webhooks/{id}' },
  deleteWebhook: { method: 'DELETE', path: '/webhooks/{id}' },
  rotateSecret: { method: 'POST', path: '/webhooks/{id}:rotate' },
  pauseWebhook: { method: 'POST', path: '/webhooks/{id}:pause' },
  resumeWebhook: { method: 'POST', path: '/webhooks/{id}:resume' },
  testWebhook: { method: 'POST', path: '/webhooks/{id}:test' },
  getCaller: { method: 'GET', path: '/caller' },
  getSignInOptions: { method: 'GET', path: '/sign-in-options' },
  listKeys: { method: 'GET', path: '/keys' },
  createKey: { method: 'POST', path: '/keys' },
  revokeKey: { method: 'DELETE', path: '/keys/{id}' },
} as const;
