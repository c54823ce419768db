/** The public exports of @continuo/agent: what agents are written with. Only they are promised: `./internal/*` is for @continuo/server of the same version. */
export { failTaskOf } from './agents/run-scope.js';
export { A2AAgent, type AgentDescription, type AgentOptions } from './agents/a2a-agent.js';
export { A2AAgentBaseService, type AgentAnswer, type CanceledTask } from './agents/a2a-agent-base.service.js';
export type { AgentSettings } from './agents/agent-settings.js';
export { ContextAgentBaseService, type Generated, type GenerateOptions } from './agents/context-agent-base.service.js';
export { FunctionAgentBaseService } from './agents/function-agent-base.service.js';
export { remark, type Remark } from './agents/answer.js';
export type { TokenUsage } from './agents/spending.js';
export { ChildFailedError } from './agents/child-failed.js';
export type { Answered, Candidate, Decision, Delegation } from './agents/choice/decision.js';
export { EMBEDDINGS, type Embedded, type Embeddings } from './agents/models/embeddings.js';
export { withFallbacks } from './agents/models/fallbacks.js';
export { LANGUAGE_MODEL, type LanguageModel } from './agents/models/language-model.js';
export { OrchestratorAgentBaseService } from './agents/orchestrator-agent-base.service.js';
export type * from './agents/task-context.js';
export { TaskFailedError, TaskRejectedError } from './agents/task-rejected.js';
export type { Approval, ApprovalContext, ApprovalPolicy } from './agents/tools/approval.js';
export type {
  McpAccess,
  McpPrompt,
  McpPromptMessage,
  McpResource,
  McpResourceTemplate,
  McpSelection,
  McpToolbox,
} from './agents/tools/mcp-toolbox.js';
export { tool, type AgentTool, type ToolContext, type ToolDefinition } from './agents/tools/tool.js';
export { ContinuoError, TerminalError, type ErrorCode, type ErrorDetails } from './platform/errors.js';
export type { Log } from './platform/log.js';
export { StepFailedError } from './runs/run.js';
export type { Message, Part } from './sessions/message.js';
export type { SessionStore } from './sessions/session-store.js';
export type { Artifact, Task, TaskFailure, TaskStatus } from './tasks/task.js';
export type { TaskState } from './tasks/task-state.js';
