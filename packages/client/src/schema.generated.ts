/** Generated from the OpenAPI document by scripts/api-client.mjs; not to be edited. */
export type Part = { readonly "text"?: string | undefined; /** Base64. */ readonly "raw"?: string | undefined; readonly "url"?: string | undefined; readonly "data"?: unknown | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "filename"?: string | undefined; readonly "mediaType"?: string | undefined; };
export type Message = { readonly "messageId": string; readonly "contextId"?: string | undefined; readonly "taskId"?: string | undefined; readonly "role": "ROLE_USER" | "ROLE_AGENT"; readonly "parts": readonly (Part)[]; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "extensions"?: readonly (string)[] | undefined; readonly "referenceTaskIds"?: readonly (string)[] | undefined; };
export type Artifact = { readonly "artifactId": string; readonly "name"?: string | undefined; readonly "description"?: string | undefined; readonly "parts": readonly (Part)[]; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "extensions"?: readonly (string)[] | undefined; };
export type TaskStatus = { readonly "state": "TASK_STATE_SUBMITTED" | "TASK_STATE_WORKING" | "TASK_STATE_INPUT_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "TASK_STATE_COMPLETED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" | "TASK_STATE_REJECTED"; readonly "message"?: Message | undefined; readonly "timestamp": string; };
export type TaskMetadata = { /** `type/name`. */ readonly "agent"?: string | undefined; /** The version of the agent that ran it last; not there before its first run. */ readonly "agentVersion"?: string | undefined; readonly [name: string]: unknown; };
export type Task = { readonly "id": string; readonly "contextId": string; readonly "status": TaskStatus; readonly "artifacts"?: readonly (Artifact)[] | undefined; readonly "history"?: readonly (Message)[] | undefined; readonly "metadata"?: TaskMetadata | undefined; };
export type TaskList = { readonly "tasks": readonly (Task)[]; /** Empty on the last page. */ readonly "nextPageToken": string; readonly "pageSize": number; /** Exact up to 2,000; above, an estimate. */ readonly "totalSize": number; };
export type TaskStatistics = { readonly "from": string; readonly "to": string; readonly "bucketSeconds": number; /** Only the newest of very many tasks were looked at; `from` says since when. */ readonly "truncated": boolean; readonly "now": { readonly "queued": number; readonly "running": number; /** Of those running: held until fitting code takes them up. */ readonly "held": number; /** For a person. */ readonly "waiting": number; }; readonly "total": { readonly "begun": number; readonly "completed": number; /** Or rejected by their agent. */ readonly "failed": number; readonly "canceled": number; /** From creation to end, of those that ended. */ readonly "medianMs": number | null; readonly "p95Ms": number | null; /** Of language models, input and output. */ readonly "tokens": number; /** US dollars for language models, as far as prices are known. */ readonly "cost": number; }; readonly "buckets": readonly ({ readonly "start": string; readonly "begun": number; readonly "completed": number; /** Or rejected by their agent. */ readonly "failed": number; readonly "canceled": number; /** From creation to end, of those that ended. */ readonly "medianMs": number | null; readonly "p95Ms": number | null; /** Of language models, input and output. */ readonly "tokens": number; /** US dollars for language models, as far as prices are known. */ readonly "cost": number; })[]; readonly "agents": readonly ({ readonly "agent": string; readonly "queued": number; readonly "running": number; /** Of those running: held until fitting code takes them up. */ readonly "held": number; /** For a person. */ readonly "waiting": number; readonly "begun": number; readonly "completed": number; /** Or rejected by their agent. */ readonly "failed": number; readonly "canceled": number; /** From creation to end, of those that ended. */ readonly "medianMs": number | null; readonly "p95Ms": number | null; /** Of language models, input and output. */ readonly "tokens": number; /** US dollars for language models, as far as prices are known. */ readonly "cost": number; })[]; };
export type UsageReport = { /** A day, in UTC. */ readonly "from": string; readonly "to": string; readonly "total": { readonly "calls": number; readonly "inputTokens": number; readonly "outputTokens": number; readonly "totalTokens": number; /** Of the input, what the provider had from an earlier call. */ readonly "cachedInputTokens"?: number | undefined; /** Of the input, what the provider keeps for later calls. */ readonly "cacheWriteTokens"?: number | undefined; /** Of the output, what nobody is shown as the answer. */ readonly "reasoningTokens"?: number | undefined; /** US dollars, as far as prices are known. */ readonly "cost"?: number | undefined; /** Calls of models that no price is known of. */ readonly "unpricedCalls"?: number | undefined; /** Calls that broke off, whose tokens are estimated. */ readonly "estimatedCalls"?: number | undefined; }; /** With what they were asked to be put together by; the newest day first, then what took the most tokens. */ readonly "groups": readonly ({ readonly "day"?: string | null | undefined; readonly "agent"?: string | null | undefined; readonly "session"?: string | null | undefined; readonly "task"?: string | null | undefined; readonly "model"?: string | null | undefined; readonly "owner"?: string | null | undefined; readonly "calls": number; readonly "inputTokens": number; readonly "outputTokens": number; readonly "totalTokens": number; /** Of the input, what the provider had from an earlier call. */ readonly "cachedInputTokens"?: number | undefined; /** Of the input, what the provider keeps for later calls. */ readonly "cacheWriteTokens"?: number | undefined; /** Of the output, what nobody is shown as the answer. */ readonly "reasoningTokens"?: number | undefined; /** US dollars, as far as prices are known. */ readonly "cost"?: number | undefined; /** Calls of models that no price is known of. */ readonly "unpricedCalls"?: number | undefined; /** Calls that broke off, whose tokens are estimated. */ readonly "estimatedCalls"?: number | undefined; })[]; /** There are more than a thousand groups. */ readonly "truncated": boolean; };
export type TaskSteps = { /** Oldest first; of more than a thousand the last. */ readonly "steps": readonly ({ readonly "number": number; readonly "name": string; readonly "failed": boolean; readonly "startedAt": string | null; readonly "endedAt": string | null; })[]; };
export type StreamResponse = { readonly "task"?: Task | undefined; readonly "statusUpdate"?: { readonly "taskId": string; readonly "contextId": string; readonly "status": TaskStatus; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; } | undefined; readonly "artifactUpdate"?: { readonly "taskId": string; readonly "contextId": string; readonly "artifact": Artifact; readonly "append": boolean; readonly "lastChunk": boolean; } | undefined; };
export type Session = { readonly "id": string; readonly "title": string | null; readonly "metadata"?: { readonly [name: string]: unknown; } | undefined; readonly "messageCount": number; readonly "createdAt": string; readonly "updatedAt": string; /** Whose it is: of one that somebody else shares. */ readonly "owner"?: string | undefined; /** What the caller may do in it. */ readonly "access"?: "read" | "write" | undefined; };
export type SessionShare = { readonly "owner": string; readonly "access": "read" | "write"; readonly "createdAt": string; };
export type SessionShareList = { readonly "shares": readonly (SessionShare)[]; };
export type SessionPage = { readonly "sessions": readonly (Session)[]; readonly "nextPageToken": string; };
export type SessionState = { readonly [name: string]: unknown; };
export type SessionMessage = { readonly "seq": number; readonly "message": Message; readonly "taskId"?: string | undefined; readonly "agent"?: string | undefined; readonly "createdAt": string; };
export type MessagePage = { readonly "messages": readonly (SessionMessage)[]; readonly "nextPageToken": string; };
export type SessionExport = { readonly "session": Session; readonly [name: string]: unknown; };
export type AgentSkill = { readonly "id": string; readonly "name": string; readonly "description": string; readonly "tags": readonly (string)[]; readonly "examples"?: readonly (string)[] | undefined; };
export type AgentCard = { readonly "name": string; readonly "description": string; readonly "version": string; readonly "supportedInterfaces": readonly ({ readonly "url": string; readonly "protocolBinding": string; readonly "protocolVersion": string; })[]; readonly "capabilities": { readonly "streaming"?: boolean | undefined; readonly "pushNotifications"?: boolean | undefined; readonly "extensions"?: readonly ({ readonly "uri": string; readonly "description"?: string | undefined; readonly [name: string]: unknown; })[] | undefined; readonly [name: string]: unknown; }; readonly "defaultInputModes": readonly (string)[]; readonly "defaultOutputModes": readonly (string)[]; readonly "skills": readonly (AgentSkill)[]; readonly [name: string]: unknown; };
export type Agent = { readonly "type": string; readonly "name": string; /** It is there for other agents: an orchestrator chooses it by its name only. */ readonly "internal": boolean; readonly "card": AgentCard; };
export type AgentList = { readonly "agents": readonly (Agent)[]; };
export type ErrorAnswer = { readonly "error": { /** The status of the response. */ readonly "code": number; /** The name of the google.rpc.Code. */ readonly "status": string; /** For people. */ readonly "message": string; /** The first one is a google.rpc.ErrorInfo. */ readonly "details": readonly ({ readonly "@type": string; /** A stable code, of google.rpc.ErrorInfo: `TASK_NOT_FOUND`. */ readonly "reason"?: string | undefined; readonly "domain"?: string | undefined; /** `field`: where the request is wrong; `expected`: what was expected there. */ readonly "metadata"?: { readonly [name: string]: string; } | undefined; /** Of google.rpc.BadRequest. */ readonly "fieldViolations"?: readonly ({ readonly "field": string; readonly "description": string; })[] | undefined; /** Of google.rpc.RetryInfo: `1s`. */ readonly "retryDelay"?: string | undefined; readonly [name: string]: unknown; })[]; }; };
export type ApiKey = { readonly "id": string; readonly "prefix": string; readonly "name": string; readonly "tenant": string; readonly "owner": string; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "agents"?: readonly (string)[] | undefined; readonly "createdAt": string; readonly "expiresAt"?: string | undefined; readonly "lastUsedAt"?: string | undefined; readonly "revokedAt"?: string | undefined; };
export type NewApiKey = { readonly "id": string; readonly "prefix": string; readonly "name": string; readonly "tenant": string; readonly "owner": string; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "agents"?: readonly (string)[] | undefined; readonly "createdAt": string; readonly "expiresAt"?: string | undefined; readonly "lastUsedAt"?: string | undefined; readonly "revokedAt"?: string | undefined; readonly "key"?: string | undefined; };
export type ApiKeyPage = { readonly "keys": readonly (ApiKey)[]; readonly "nextPageToken": string; };
export type Caller = { readonly "tenant": string; readonly "owner": string; readonly "scopes": readonly ("read" | "write" | "admin")[]; /** There is no authentication: everybody on this machine is this caller. */ readonly "local": boolean; /** Whether a language model is configured. Without one, agents answer with an offline placeholder. */ readonly "languageModel": boolean; };
export type SignInOptions = { /** Empty without authentication. */ readonly "schemes": readonly ("keys" | "jwt")[]; readonly "openIdConnect"?: { readonly "issuer": string; readonly "clientId": string; readonly "scope": string; readonly "audience": string; } | undefined; };
export type File = { readonly "id": string; /** Where the content is, and what the part of a message may name. */ readonly "url": string; readonly "name": string; readonly "mediaType": string; /** Stored bytes. */ readonly "bytes": number; /** In hexadecimal; null until the content is complete. */ readonly "sha256": string | null; readonly "sessionId": string; /** False: an upload that may be continued until expiresAt. */ readonly "complete": boolean; readonly "createdAt": string; readonly "expiresAt"?: string | undefined; };
export type FilePage = { readonly "files": readonly (File)[]; readonly "nextPageToken": string; };
export type Memory = { readonly "id": string; /** The agent that it is for, as type/name. */ readonly "agent": string; readonly "kind": "fact" | "preference"; readonly "text": string; /** Where it was said; without it, its owner has written it down. */ readonly "source"?: { readonly "sessionId": string; readonly "messageId": string; } | undefined; readonly "createdAt": string; readonly "updatedAt": string; };
export type MemoryPage = { readonly "memories": readonly (Memory)[]; readonly "nextPageToken": string; };
export type MemoryExport = { readonly "memories": readonly (Memory)[]; };
export type Alive = { readonly "status": "ok"; };
export type Ready = { readonly "status": "ready"; };
export type OpenApiDocument = { readonly "openapi": string; readonly [name: string]: unknown; };
export type Webhook = { readonly "id": string; readonly "url": string; readonly "description": string | null; readonly "agents": readonly (string)[] | null; readonly "states": readonly ("TASK_STATE_SUBMITTED" | "TASK_STATE_WORKING" | "TASK_STATE_INPUT_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "TASK_STATE_COMPLETED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" | "TASK_STATE_REJECTED" | "HELD")[] | null; readonly "sessionIds": readonly (string)[] | null; readonly "kinds": readonly ("task" | "statusUpdate" | "artifactUpdate")[]; readonly "state": "active" | "paused" | "gone"; readonly "stateAt": string | null; readonly "stateReason": string | null; readonly "failingSince": string | null; readonly "taskId"?: string | undefined; readonly "configId"?: string | undefined; readonly "createdAt": string; readonly "updatedAt": string; };
export type WebhookWithSecret = { readonly "id": string; readonly "url": string; readonly "description": string | null; readonly "agents": readonly (string)[] | null; readonly "states": readonly ("TASK_STATE_SUBMITTED" | "TASK_STATE_WORKING" | "TASK_STATE_INPUT_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "TASK_STATE_COMPLETED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" | "TASK_STATE_REJECTED" | "HELD")[] | null; readonly "sessionIds": readonly (string)[] | null; readonly "kinds": readonly ("task" | "statusUpdate" | "artifactUpdate")[]; readonly "state": "active" | "paused" | "gone"; readonly "stateAt": string | null; readonly "stateReason": string | null; readonly "failingSince": string | null; readonly "taskId"?: string | undefined; readonly "configId"?: string | undefined; readonly "createdAt": string; readonly "updatedAt": string; readonly "secret": string; };
export type WebhookPage = { readonly "webhooks": readonly (Webhook)[]; readonly "nextPageToken": string; };
export type WebhookTestResult = { readonly "id": string; readonly "ok": boolean; readonly "at": string; readonly "status": number | null; readonly "latencyMs": number; readonly "response": string | null; readonly "error": string | null; };
export type WebhookAttempt = { readonly "number": number; readonly "at": string; readonly "status": number | null; readonly "latencyMs": number; readonly "response": string | null; readonly "error": string | null; };
export type WebhookDelivery = { readonly "id": string; readonly "webhookId": string; readonly "url": string; readonly "taskId": string; readonly "seq": number; readonly "kind": "task" | "statusUpdate" | "artifactUpdate"; readonly "status": "pending" | "delivered" | "dead" | "dropped"; readonly "attemptCount": number; readonly "createdAt": string; readonly "deliveredAt": string | null; readonly "nextAttemptAt": string | null; readonly "lastAttempt": WebhookAttempt | null; };
export type WebhookDeliveryWithAttempts = { readonly "id": string; readonly "webhookId": string; readonly "url": string; readonly "taskId": string; readonly "seq": number; readonly "kind": "task" | "statusUpdate" | "artifactUpdate"; readonly "status": "pending" | "delivered" | "dead" | "dropped"; readonly "attemptCount": number; readonly "createdAt": string; readonly "deliveredAt": string | null; readonly "nextAttemptAt": string | null; readonly "lastAttempt": WebhookAttempt | null; readonly "attempts": readonly (WebhookAttempt)[]; };
export type WebhookDeliveryPage = { readonly "deliveries": readonly (WebhookDelivery)[]; readonly "nextPageToken": string; };
export type WebhookRedelivered = { readonly "redelivered": number; };
export type CreateTaskBody = { readonly "message": string | { readonly "messageId"?: string | null | undefined; readonly "contextId"?: string | null | undefined; readonly "taskId"?: string | null | undefined; readonly "role"?: "ROLE_USER" | undefined; readonly "parts": readonly ({ readonly "text"?: string | null | undefined; readonly "raw"?: string | null | undefined; readonly "url"?: string | null | undefined; readonly "data"?: unknown | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; readonly "filename"?: string | null | undefined; readonly "mediaType"?: string | null | undefined; })[]; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; readonly "extensions"?: readonly (string)[] | null | undefined; readonly "referenceTaskIds"?: readonly (string)[] | null | undefined; }; /** The session that the task is in; it must be there. Default: a new one. */ readonly "sessionId"?: string | null | undefined; /** Goes into the metadata of the task. */ readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; /** Answer when the task has ended or asks something. Default: false. */ readonly "wait"?: boolean | null | undefined; /** The task does not begin before. */ readonly "startAt"?: string | null | undefined; /** 1 goes first. Default: 100. */ readonly "priority"?: number | null | undefined; /** Tokens of input and output that the task may take, with all that it calls. */ readonly "maxTokens"?: number | null | undefined; /** US dollars that the task may cost, with all that it calls. */ readonly "maxCost"?: number | null | undefined; };
export type RetryTaskBody = { readonly "from"?: "failed-step" | "start" | null | undefined; };
export type CreateSessionBody = { readonly "title"?: string | null | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; };
export type UpdateSessionBody = { readonly "title"?: string | null | undefined; readonly "metadata"?: { readonly [name: string]: unknown; } | null | undefined; };
export type ForkSessionBody = { readonly "messageId"?: string | null | undefined; readonly "title"?: string | null | undefined; };
export type UpdateSessionStateBody = { readonly [name: string]: unknown; };
export type ShareSessionBody = { readonly "owner": string; readonly "access": "read" | "write"; };
export type CreateMemoryBody = { readonly "agent": string; readonly "text": string; readonly "kind"?: "fact" | "preference" | null | undefined; };
export type UpdateMemoryBody = { readonly "text"?: string | undefined; readonly "kind"?: "fact" | "preference" | undefined; };
export type CreateWebhookBody = { readonly "url": string; readonly "description"?: string | null | undefined; readonly "agents"?: readonly (string)[] | null | undefined; readonly "states"?: readonly (string)[] | null | undefined; readonly "sessionIds"?: readonly (string)[] | null | undefined; readonly "kinds"?: readonly ("task" | "statusUpdate" | "artifactUpdate")[] | null | undefined; };
export type RedeliverAllBody = { readonly "endpoint": string; readonly "status"?: "dead" | "dropped" | undefined; readonly "after"?: string | null | undefined; readonly "before"?: string | null | undefined; };
export type UpdateWebhookBody = { readonly "url"?: string | undefined; readonly "description"?: string | null | undefined; readonly "agents"?: readonly (string)[] | null | undefined; readonly "states"?: readonly (string)[] | null | undefined; readonly "sessionIds"?: readonly (string)[] | null | undefined; readonly "kinds"?: readonly ("task" | "statusUpdate" | "artifactUpdate")[] | null | undefined; };
export type RotateSecretBody = { readonly "overlapSeconds"?: number | undefined; };
export type CreateKeyBody = { readonly "owner": string; readonly "name"?: string | null | undefined; readonly "scopes": readonly ("read" | "write" | "admin")[]; readonly "agents"?: readonly (string)[] | null | undefined; readonly "expiresAt"?: string | null | undefined; };

/** What each operation takes and answers; of a stream `answer` is the data of its events. */
export interface Operations {
  /** The agents, with their cards. */
  listAgents: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: AgentList; };
  /** Begin a task, or answer one that asks. */
  createTask: { path: { readonly type: string; readonly name: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: CreateTaskBody; answer: Task; };
  /** The tasks of one agent. */
  listAgentTasks: { path: { readonly type: string; readonly name: string; }; query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; readonly state?: "SUBMITTED" | "TASK_STATE_SUBMITTED" | "WORKING" | "TASK_STATE_WORKING" | "INPUT_REQUIRED" | "TASK_STATE_INPUT_REQUIRED" | "AUTH_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "COMPLETED" | "TASK_STATE_COMPLETED" | "FAILED" | "TASK_STATE_FAILED" | "CANCELED" | "TASK_STATE_CANCELED" | "REJECTED" | "TASK_STATE_REJECTED" | undefined; /** What A2A calls `state`; `TASK_STATE_UNSPECIFIED` counts as absent. */ readonly status?: "SUBMITTED" | "TASK_STATE_SUBMITTED" | "WORKING" | "TASK_STATE_WORKING" | "INPUT_REQUIRED" | "TASK_STATE_INPUT_REQUIRED" | "AUTH_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "COMPLETED" | "TASK_STATE_COMPLETED" | "FAILED" | "TASK_STATE_FAILED" | "CANCELED" | "TASK_STATE_CANCELED" | "REJECTED" | "TASK_STATE_REJECTED" | undefined; /** true: those that fitting code must take up; false: all others. */ readonly held?: boolean | undefined; readonly sessionId?: string | undefined; /** What A2A calls `sessionId`. */ readonly contextId?: string | undefined; /** Those whose state has changed since. */ readonly statusTimestampAfter?: string | undefined; /** A task with all that it called. */ readonly rootTaskId?: string | undefined; /** What a task called itself. */ readonly parentTaskId?: string | undefined; /** Words to search for. */ readonly q?: string | undefined; /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** How many messages of the history come along, the newest. Default: all of them for one task, none in lists. */ readonly historyLength?: number | undefined; readonly includeArtifacts?: boolean | undefined; /** By last change: `desc` is newest first. */ readonly order?: "asc" | "desc" | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: TaskList; };
  /** Cancel a task of an agent; it stays readable. */
  cancelAgentTask: { path: { readonly type: string; readonly name: string; readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Task; };
  /** Tasks in the order of their last change, newest first unless `order` says otherwise. */
  listTasks: { query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; /** As `type/name`. */ readonly agent?: string | undefined; readonly state?: "SUBMITTED" | "TASK_STATE_SUBMITTED" | "WORKING" | "TASK_STATE_WORKING" | "INPUT_REQUIRED" | "TASK_STATE_INPUT_REQUIRED" | "AUTH_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "COMPLETED" | "TASK_STATE_COMPLETED" | "FAILED" | "TASK_STATE_FAILED" | "CANCELED" | "TASK_STATE_CANCELED" | "REJECTED" | "TASK_STATE_REJECTED" | undefined; /** What A2A calls `state`; `TASK_STATE_UNSPECIFIED` counts as absent. */ readonly status?: "SUBMITTED" | "TASK_STATE_SUBMITTED" | "WORKING" | "TASK_STATE_WORKING" | "INPUT_REQUIRED" | "TASK_STATE_INPUT_REQUIRED" | "AUTH_REQUIRED" | "TASK_STATE_AUTH_REQUIRED" | "COMPLETED" | "TASK_STATE_COMPLETED" | "FAILED" | "TASK_STATE_FAILED" | "CANCELED" | "TASK_STATE_CANCELED" | "REJECTED" | "TASK_STATE_REJECTED" | undefined; /** true: those that fitting code must take up; false: all others. */ readonly held?: boolean | undefined; readonly sessionId?: string | undefined; /** What A2A calls `sessionId`. */ readonly contextId?: string | undefined; /** Those whose state has changed since. */ readonly statusTimestampAfter?: string | undefined; /** A task with all that it called. */ readonly rootTaskId?: string | undefined; /** What a task called itself. */ readonly parentTaskId?: string | undefined; /** Words to search for. */ readonly q?: string | undefined; /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** How many messages of the history come along, the newest. Default: all of them for one task, none in lists. */ readonly historyLength?: number | undefined; readonly includeArtifacts?: boolean | undefined; /** By last change: `desc` is newest first. */ readonly order?: "asc" | "desc" | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: TaskList; };
  /** The events of all tasks. */
  followTasks: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: StreamResponse; };
  /** A task. */
  getTask: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** How many messages of the history come along, the newest. Default: all of them for one task, none in lists. */ readonly historyLength?: number | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Task; };
  /** The events of a task; with `follow=false` those that are there now. */
  followTask: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** false: the stream ends where the log ends now. */ readonly follow?: boolean | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: StreamResponse; };
  /** The content of an artifact as a file; with `part` that of one part, counted from 0. */
  readArtifact: { path: { readonly id: string; readonly artifactId: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** One part of it, counted from 0; default: all of it. */ readonly part?: number | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** The durable steps that a task has finished. */
  listSteps: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: TaskSteps; };
  /** Cancel a task. */
  cancelTask: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Task; };
  /** A new attempt of a task that failed or was cancelled. */
  retryTask: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body?: RetryTaskBody; answer: Task; };
  /** What tasks do now, and what became of them over the last hours (1 to 720), for all agents or for one. */
  readStatistics: { query?: { /** How far back it goes. */ readonly hours?: number | undefined; /** As `type/name`; default: all. */ readonly agent?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: TaskStatistics; };
  /** Tokens and cost of language models, put together by day, agent, session, task, model or owner. */
  readUsage: { query?: { /** What it is put together by, separated by commas. */ readonly by?: readonly ("day" | "agent" | "session" | "task" | "model" | "owner")[] | undefined; /** The first day, in UTC. Default: 29 days before the last. */ readonly from?: string | undefined; /** The last day, in UTC. Default: today. */ readonly to?: string | undefined; /** As `type/name`. */ readonly agent?: string | undefined; /** As `provider/model`. */ readonly model?: string | undefined; readonly sessionId?: string | undefined; /** A task with all that it called. */ readonly rootTaskId?: string | undefined; /** Of everybody in the tenant; for admins. */ readonly all?: boolean | undefined; /** Of one owner, where all is true. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: UsageReport; };
  /** Sessions, newest change first; with `shared` those that others share. */
  listSessions: { query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; /** Words to search for. */ readonly q?: string | undefined; /** true: those that others share with the caller, and nothing beside it in `q`. */ readonly shared?: boolean | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: SessionPage; };
  /** Open a session. */
  createSession: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body?: CreateSessionBody; answer: Session; };
  /** A session. */
  getSession: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Session; };
  /** Rename a session. */
  updateSession: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: UpdateSessionBody; answer: Session; };
  /** Delete a session with its tasks. */
  deleteSession: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** All of a session as JSON. */
  exportSession: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: SessionExport; };
  /** A new session with what was said in this one, up to a message or all of it. */
  forkSession: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body?: ForkSessionBody; answer: Session; };
  /** What agents keep in a session. */
  getSessionState: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: SessionState; };
  /** Set values of a session; null removes one. */
  updateSessionState: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: UpdateSessionStateBody; answer: SessionState; };
  /** What was said in a session. */
  listMessages: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; readonly order?: "asc" | "desc" | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: MessagePage; };
  /** The events of a session's tasks. */
  followSession: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: StreamResponse; };
  /** With whom a session is shared. */
  listShares: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: SessionShareList; };
  /** Share a session with another owner of the tenant. */
  shareSession: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: ShareSessionBody; answer: SessionShare; };
  /** Share a session no more. */
  unshareSession: { path: { readonly id: string; readonly owner: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** What agents keep of the caller, newest change first. */
  listMemories: { query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; /** Words to search for. */ readonly q?: string | undefined; /** As `type/name`. */ readonly agent?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: MemoryPage; };
  /** Write down something that an agent is to keep. */
  createMemory: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: CreateMemoryBody; answer: Memory; };
  /** All of them as JSON. */
  exportMemories: { query?: { /** As `type/name`. */ readonly agent?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: MemoryExport; };
  /** Change a memory. */
  updateMemory: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: UpdateMemoryBody; answer: Memory; };
  /** Forget a memory. */
  deleteMemory: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** Files, newest first; with `complete=false` uploads that are not finished. */
  listFiles: { query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; readonly sessionId?: string | undefined; /** false: uploads that are not finished. */ readonly complete?: boolean | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: FilePage; };
  /** Upload a file: the body is its content. */
  uploadFile: { query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The session that the file lives with; default: a new one. */ readonly sessionId?: string | undefined; /** The name of the file, where Content-Disposition does not say it. */ readonly name?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: File; };
  /** The content of a file. */
  readFile: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** How far an upload is; of a file the headers that its content comes with. */
  getUploadProgress: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** Add to an upload, behind what is stored of it. */
  continueUpload: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: File; };
  /** Delete a file, or give an upload up. */
  deleteFile: { path: { readonly id: string; }; query?: { /** Whose session it is; default: the own one. */ readonly owner?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** Subscriptions, the newest first. */
  listWebhooks: { query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: WebhookPage; };
  /** Subscribe; the secret is in this answer alone. */
  createWebhook: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: CreateWebhookBody; answer: WebhookWithSecret; };
  /** Deliveries, the newest first. */
  listDeliveries: { query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; readonly taskId?: string | undefined; /** The id of a webhook. */ readonly endpoint?: string | undefined; readonly status?: "pending" | "delivered" | "dead" | "dropped" | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: WebhookDeliveryPage; };
  /** A delivery with its attempts. */
  getDelivery: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: WebhookDeliveryWithAttempts; };
  /** Send a delivery again. */
  redeliver: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: WebhookDeliveryWithAttempts; };
  /** Send again what was given up. */
  redeliverAll: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: RedeliverAllBody; answer: WebhookRedelivered; };
  /** A webhook. */
  getWebhook: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Webhook; };
  /** Change a webhook: what is absent stays, null takes a filter away. */
  updateWebhook: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: UpdateWebhookBody; answer: Webhook; };
  /** Delete a webhook with its deliveries. */
  deleteWebhook: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** A new secret; the old one signs beside it for a while. */
  rotateSecret: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body?: RotateSecretBody; answer: WebhookWithSecret; };
  /** Pause. */
  pauseWebhook: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Webhook; };
  /** Resume. */
  resumeWebhook: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Webhook; };
  /** Send a test event now. */
  testWebhook: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: WebhookTestResult; };
  /** Who asks, and what they may do. */
  getCaller: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: Caller; };
  /** How people sign in to the console; for everybody. */
  getSignInOptions: { answer: SignInOptions; };
  /** The API keys of the tenant, the newest first; for admins, as all of them. */
  listKeys: { query?: { /** How many a page has at most. */ readonly pageSize?: number | undefined; /** `nextPageToken` of the page before; without it, the first page. */ readonly pageToken?: string | undefined; /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: ApiKeyPage; };
  /** Make a key, which is in this answer alone. */
  createKey: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; body: CreateKeyBody; answer: NewApiKey; };
  /** Revoke a key. */
  revokeKey: { path: { readonly id: string; }; query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** The process answers. */
  isAlive: { answer: Alive; };
  /** The server can work: its database answers, and it is not stopping. */
  isReady: { answer: Ready; };
  /** What the processes that serve have counted, as Prometheus reads it. */
  readMetrics: { query?: { /** The tenant that the call is meant for; one that isn't the caller's is refused. */ readonly tenant?: string | undefined; }; answer: undefined; };
  /** This document. */
  readOpenApiDocument: { answer: OpenApiDocument; };
}

/** Where the operations are; `takesKey`: those that take an `Idempotency-Key`. */
export const operations = {
  listAgents: { method: 'GET', path: '/agents', takesKey: false },
  createTask: { method: 'POST', path: '/agents/{type}/{name}/tasks', takesKey: true },
  listAgentTasks: { method: 'GET', path: '/agents/{type}/{name}/tasks', takesKey: false },
  cancelAgentTask: { method: 'DELETE', path: '/agents/{type}/{name}/tasks/{id}', takesKey: false },
  listTasks: { method: 'GET', path: '/tasks', takesKey: false },
  followTasks: { method: 'GET', path: '/tasks/events', takesKey: false },
  getTask: { method: 'GET', path: '/tasks/{id}', takesKey: false },
  followTask: { method: 'GET', path: '/tasks/{id}/events', takesKey: false },
  readArtifact: { method: 'GET', path: '/tasks/{id}/artifacts/{artifactId}', takesKey: false },
  listSteps: { method: 'GET', path: '/tasks/{id}/steps', takesKey: false },
  cancelTask: { method: 'POST', path: '/tasks/{id}:cancel', takesKey: true },
  retryTask: { method: 'POST', path: '/tasks/{id}:retry', takesKey: true },
  readStatistics: { method: 'GET', path: '/statistics', takesKey: false },
  readUsage: { method: 'GET', path: '/usage', takesKey: false },
  listSessions: { method: 'GET', path: '/sessions', takesKey: false },
  createSession: { method: 'POST', path: '/sessions', takesKey: true },
  getSession: { method: 'GET', path: '/sessions/{id}', takesKey: false },
  updateSession: { method: 'PATCH', path: '/sessions/{id}', takesKey: false },
  deleteSession: { method: 'DELETE', path: '/sessions/{id}', takesKey: false },
  exportSession: { method: 'GET', path: '/sessions/{id}/export', takesKey: false },
  forkSession: { method: 'POST', path: '/sessions/{id}:fork', takesKey: true },
  getSessionState: { method: 'GET', path: '/sessions/{id}/state', takesKey: false },
  updateSessionState: { method: 'PATCH', path: '/sessions/{id}/state', takesKey: false },
  listMessages: { method: 'GET', path: '/sessions/{id}/messages', takesKey: false },
  followSession: { method: 'GET', path: '/sessions/{id}/events', takesKey: false },
  listShares: { method: 'GET', path: '/sessions/{id}/shares', takesKey: false },
  shareSession: { method: 'POST', path: '/sessions/{id}/shares', takesKey: false },
  unshareSession: { method: 'DELETE', path: '/sessions/{id}/shares/{owner}', takesKey: false },
  listMemories: { method: 'GET', path: '/memories', takesKey: false },
  createMemory: { method: 'POST', path: '/memories', takesKey: true },
  exportMemories: { method: 'GET', path: '/memories/export', takesKey: false },
  updateMemory: { method: 'PATCH', path: '/memories/{id}', takesKey: false },
  deleteMemory: { method: 'DELETE', path: '/memories/{id}', takesKey: false },
  listFiles: { method: 'GET', path: '/files', takesKey: false },
  uploadFile: { method: 'POST', path: '/files', takesKey: false },
  readFile: { method: 'GET', path: '/files/{id}', takesKey: false },
  getUploadProgress: { method: 'HEAD', path: '/files/{id}', takesKey: false },
  continueUpload: { method: 'PATCH', path: '/files/{id}', takesKey: false },
  deleteFile: { method: 'DELETE', path: '/files/{id}', takesKey: false },
  listWebhooks: { method: 'GET', path: '/webhooks', takesKey: false },
  createWebhook: { method: 'POST', path: '/webhooks', takesKey: true },
  listDeliveries: { method: 'GET', path: '/webhooks/deliveries', takesKey: false },
  getDelivery: { method: 'GET', path: '/webhooks/deliveries/{id}', takesKey: false },
  redeliver: { method: 'POST', path: '/webhooks/deliveries/{id}:redeliver', takesKey: true },
  redeliverAll: { method: 'POST', path: '/webhooks/deliveries:redeliver', takesKey: true },
  getWebhook: { method: 'GET', path: '/webhooks/{id}', takesKey: false },
  updateWebhook: { method: 'PATCH', path: '/webhooks/{id}', takesKey: false },
  deleteWebhook: { method: 'DELETE', path: '/webhooks/{id}', takesKey: false },
  rotateSecret: { method: 'POST', path: '/webhooks/{id}:rotate', takesKey: true },
  pauseWebhook: { method: 'POST', path: '/webhooks/{id}:pause', takesKey: false },
  resumeWebhook: { method: 'POST', path: '/webhooks/{id}:resume', takesKey: false },
  testWebhook: { method: 'POST', path: '/webhooks/{id}:test', takesKey: true },
  getCaller: { method: 'GET', path: '/caller', takesKey: false },
  getSignInOptions: { method: 'GET', path: '/sign-in-options', takesKey: false },
  listKeys: { method: 'GET', path: '/keys', takesKey: false },
  createKey: { method: 'POST', path: '/keys', takesKey: true },
  revokeKey: { method: 'DELETE', path: '/keys/{id}', takesKey: false },
  isAlive: { method: 'GET', path: '/healthz', takesKey: false },
  isReady: { method: 'GET', path: '/readyz', takesKey: false },
  readMetrics: { method: 'GET', path: '/metrics', takesKey: false },
  readOpenApiDocument: { method: 'GET', path: '/openapi.json', takesKey: false },
} as const;
