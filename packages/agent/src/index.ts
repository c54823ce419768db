/** What agents are written with. Only these exports are promised: `./internal/*` is for @continuo/server of the same version.
 *
 * @module @continuo/agent
 */
export { failTaskOf } from './agents/run-scope.js';
export { A2AAgent, type AgentDescription, type AgentOptions } from './agents/a2a-agent.js';
export { A2AAgentBaseService, type AgentAnswer, type CanceledTask } from './agents/a2a-agent-base.service.js';
export type { AgentSettings } from './agents/agent-settings.js';
export { ContextAgentBaseService, type Generated, type GenerateOptions } from './agents/context-agent-base.service.js';
export { fromAISDK, type AISDKAgent, type AISDKAgentBaseService } from './agents/frameworks/from-ai-sdk.js';
export { fromLangGraph, type LangGraphAgentBaseService } from './agents/frameworks/from-langgraph.js';
export { fromMastra, type MastraAgentBaseService, type MastraOptions } from './agents/frameworks/from-mastra.js';
export type { MastraAgent } from './agents/frameworks/mastra/mastra-agent.js';
export type { LangGraph, LangGraphOptions } from './agents/frameworks/langgraph-options.js';
export { FunctionAgentBaseService } from './agents/function-agent-base.service.js';
export { remark, type Remark } from './agents/answer.js';
export type { TokenUsage } from './agents/spending.js';
export { ChildFailedError } from './agents/child-failed.js';
export type { Answered, Candidate, Decision, Delegation, Question } from './agents/choice/decision.js';
export { EMBEDDINGS, type Embedded, type Embeddings } from './agents/models/embeddings.js';
export { withFallbacks } from './agents/models/fallbacks.js';
export { LANGUAGE_MODEL, type LanguageModel } from './agents/models/language-model.js';
export { OrchestratorAgentBaseService } from './agents/orchestrator-agent-base.service.js';
export type * from './agents/task-context.js';
export type { ShownAs } from './runs/run.js';
export type { Usage } from './tasks/usage.js';
export type { ErrorCause, ErrorReport, StackFrame } from './runs/error-report.js';
export type { FailedTry } from './runs/failed-tries.js';
export type { LogFields, LogLevel, LogLine, LogWrite, TaskLog } from './tasks/agent-log.js';
export { TaskFailedError, TaskRejectedError, type EndingOptions } from './agents/task-rejected.js';
export type { Approval, ApprovalContext, ApprovalPolicy } from './agents/tools/approval.js';
export type {
  ConfiguredServer,
  McpAccess,
  McpPrompt,
  McpPromptMessage,
  McpResource,
  McpResourceTemplate,
  McpSelection,
  McpToolbox,
  NamedServer,
} from './agents/tools/mcp-toolbox.js';
export { tool, type AgentTool, type ToolContext, type ToolDefinition } from './agents/tools/tool.js';
export { ContinuoError, TerminalError, type ErrorCode, type ErrorDetails } from './platform/errors.js';
export type { ApprovalPatterns, LocalMcpServer, McpOAuth, McpServer, RemoteMcpServer } from './platform/mcp-server.js';
export type { Log, WriteLog } from './platform/log.js';
export { StepFailedError } from './runs/run.js';
export type { Message, Part } from './sessions/message.js';
export type { SessionStore } from './sessions/session-store.js';
export type { Checkpoint, SessionWindow } from './sessions/session-window.js';
export type {
  Artifact,
  StreamResponse,
  Task,
  TaskArtifactUpdate,
  TaskFailure,
  TaskStatus,
  TaskStatusUpdate,
} from './tasks/task.js';
export type { Progress } from './tasks/task-event.js';
export type { TaskState } from './tasks/task-state.js';
